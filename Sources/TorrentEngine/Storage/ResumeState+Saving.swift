import Glibc
import Metainfo

extension ResumeState {
    /// The run of this machine, another one after each start; empty where the system does not say.
    static func currentBootID() -> [UInt8] {
        (try? WholeFile.read("/proc/sys/kernel/random/boot_id", limit: 100))?.filter { $0 != UInt8(ascii: "\n") } ?? []
    }

    /// Writes the state beside `path`, puts it on the disk itself and then in the place of the old one: after a crash
    /// one of the two is there, whole. Blocking.
    func save(to path: String) throws(StorageError) { try WholeFile.replace(path, with: encoded()) }

    /// The state saved at `path`; nil when there is none or it cannot be read or understood. Blocking.
    static func load(from path: String) -> ResumeState? {
        guard let bytes = try? WholeFile.read(path, limit: 64 << 20) else { return nil }
        return ResumeState(decoding: bytes)
    }

    /// The pieces of which it is in doubt whether `have` is right: those in files that were changed since, or all when
    /// the machine was switched off before the content was on the disk. Nil when the state does not fit the torrent.
    /// Blocking.
    func doubtfulPieces(in storage: TorrentStorage) throws(StorageError) -> [PieceIndex]? {
        let info = storage.info
        guard let have, have.count == info.pieceCount, files.count == info.files.count else { return nil }
        let isSameRun = !bootID.isEmpty && bootID == Self.currentBootID()
        guard isSynchronized || isSameRun else { return (0..<UInt32(info.pieceCount)).map { PieceIndex($0) } }
        var doubtful = Bitfield(count: info.pieceCount)
        for (file, now) in try storage.facts().enumerated() where now != files[file] {
            for piece in storage.pieces(of: file) { doubtful[Int(piece)] = true }
        }
        return (0..<UInt32(info.pieceCount)).map { PieceIndex($0) }.filter { doubtful[$0] }
    }

    /// Whether the blocks of a partial piece are where they were: nothing in its files was changed since.
    func isTrusted(_ partial: PartialPiece, doubtful: Set<PieceIndex>) -> Bool { !doubtful.contains(partial.piece) }
}
