import Metainfo

/// How it is found out which pieces are there.
enum ContentPlan: Sendable {
    /// It is known already.
    case known(Bitfield, partials: [PartialPiece])
    /// These pieces have to be hashed, all for nil; the others are as told.
    case check([PieceIndex]?, have: Bitfield, partials: [PartialPiece])
    case impossible(StorageError)

    /// Looks at the files' sizes and times. Blocking.
    init(check: ContentCheck, saved: ResumeState?, storage: TorrentStorage) {
        let count = storage.info.pieceCount
        do throws(StorageError) {
            switch check {
            case .trusted: self = .known(Bitfield(full: count), partials: [])
            case .full: self = .check(nil, have: Bitfield(count: count), partials: [])
            case .asSaved:
                if let saved, let have = saved.have, let doubtful = try saved.doubtfulPieces(in: storage) {
                    self = Self.resumed(saved, have, doubtful)
                } else if try storage.isAnythingThere() {
                    self = .check(nil, have: Bitfield(count: count), partials: [])
                } else {
                    self = .known(Bitfield(count: count), partials: [])
                }
            }
        } catch {
            self = .impossible(error)
        }
    }

    private static func resumed(_ saved: ResumeState, _ have: Bitfield, _ doubtful: [PieceIndex]) -> ContentPlan {
        let set = Set(doubtful)
        let partials = saved.partials.filter { saved.isTrusted($0, doubtful: set) }
        // Only what was thought to be there is worth a look, and what may have come since.
        return doubtful.isEmpty
            ? .known(have, partials: partials) : .check(doubtful, have: have, partials: partials)
    }
}
