import Glibc
import Media
import Metainfo

/// The bytes of a film of a torrent for whoever reads in it: from the pieces that are here or were found elsewhere in the
/// directory, and where they are not from the swarm, ahead of all others.
///
/// A piece is waited for whole, since only then is it known to be right; an answer ends where the pieces end that are
/// here.
actor FilmReader: MediaByteSource {
    /// Says that these bytes are wanted soon besides.
    typealias Wanting = @Sendable ([ByteSpan]) async throws(SpaceError) -> Void

    nonisolated let size: UInt64
    /// Why bytes could not be had, if that happened.
    private(set) var failure: SpaceError?

    private let id: MediaID
    private let film: ChosenFilm
    private let member: SpaceMember
    private let folder: SpaceFolder
    /// Nil where everything that will be read is wanted already.
    private let wanting: Wanting?
    private let found: FoundPieces?
    private var ahead: ReadAhead
    /// The pieces that were read, which are here.
    private var here: Set<Int> = []
    private var wanted: Set<Int> = []
    private var file: (folder: String, descriptor: FilmDescriptor)?

    init(
        _ film: ChosenFilm, of id: MediaID, in space: Space, _ found: FoundPieces?, wanting: Wanting? = nil
    ) {
        self.id = id
        self.film = film
        self.wanting = wanting
        self.found = found
        member = space.member
        folder = space.folder
        size = film.size
        let length = Int64(film.info.pieceLength)
        let pieces = Int(film.bytes.lowerBound / length)..<Int((film.bytes.upperBound - 1) / length) + 1
        ahead = ReadAhead(pieces: pieces, pieceLength: film.info.pieceLength)
    }

    func bytes(at offset: UInt64, upTo count: Int) async throws -> [UInt8] {
        guard offset < size, count > 0 else { throw SpaceError(.failed, "The film ends before.") }
        do throws(SpaceError) {
            let start = film.bytes.lowerBound + Int64(offset)
            let limit = start + min(Int64(count), film.bytes.upperBound - start)
            var piece = self.piece(at: start)
            if let whole = await found?.bytes(of: piece) {
                let first = Int64(piece) * Int64(film.info.pieceLength)
                return Array(whole[Int(start - first)..<Int(min(limit, span(of: piece).end) - first)])
            }
            try await have(piece)
            var end = min(limit, span(of: piece).end)
            while end < limit, here.contains(piece + 1) {
                piece += 1
                end = min(limit, span(of: piece).end)
            }
            return try read(start..<end)
        } catch {
            failure = failure ?? error
            throw error
        }
    }

    /// The bytes of the pieces that were read and that the space keeps.
    var spansHere: [ByteSpan] { ByteSpan.joined(here.map { span(of: $0) }) }

    private func have(_ piece: Int) async throws(SpaceError) {
        guard !here.contains(piece) else { return }
        try await lookAhead(from: piece)
        try await member.perform(.fetch(id, span(of: piece)))
        // The content may be kept elsewhere from now on; what is here has to be there as well then.
        if let file, SpaceEntry.load(id, in: folder)?.folder != file.folder {
            self.file = nil
            here = []
        }
        here.insert(piece)
    }

    /// Has what comes next fetched, in steps, so that little is said often.
    private func lookAhead(from piece: Int) async throws(SpaceError) {
        guard let wanting else { return }
        var next: [Int] = []
        for later in ahead.next(after: piece) where !here.contains(later) {
            if await found?.has(later) != true { next.append(later) }
        }
        guard !next.isEmpty, next.count(where: { !wanted.contains($0) }) * 2 >= next.count else { return }
        wanted = Set(next).union([piece])
        try await wanting(ByteSpan.joined((Array(here) + wanted).map { span(of: $0) }))
    }

    private func piece(at offset: Int64) -> Int { Int(offset / Int64(film.info.pieceLength)) }

    /// The bytes of a piece that are the film's.
    private func span(of piece: Int) -> ByteSpan {
        let length = Int64(film.info.pieceLength)
        let (start, overflow) = Int64(piece).multipliedReportingOverflow(by: length)
        guard !overflow, start < film.bytes.upperBound else { return ByteSpan(0..<0) }
        let end = film.bytes.upperBound - start < length ? film.bytes.upperBound : start + length
        return ByteSpan(max(start, film.bytes.lowerBound)..<end)
    }

    private func read(_ range: Range<Int64>) throws(SpaceError) -> [UInt8] {
        if file == nil, let entry = SpaceEntry.load(id, in: folder) {
            let place = ContentPlace(info: film.info, folder: entry.folder)
            let path = film.info.isSingleFile ? place.root : place.root + "/" + film.path
            file = (entry.folder, try FilmDescriptor(path))
        }
        guard let descriptor = file?.descriptor else { throw .unknown(id) }
        let offset = film.bytes.lowerBound
        return try descriptor.read(range.lowerBound - offset..<range.upperBound - offset)
    }
}

/// A film's file, open for reading.
final class FilmDescriptor: Sendable {
    private let raw: CInt
    private let path: String

    init(_ path: String) throws(SpaceError) {
        raw = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        self.path = path
        guard raw >= 0 else { throw SpaceError(.failed, "\(path) cannot be read (error \(errno)).") }
    }

    deinit { if raw >= 0 { _ = close(raw) } }

    /// All the bytes of a range.
    func read(_ range: Range<Int64>) throws(SpaceError) -> [UInt8] {
        var failed = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { room, used in
            while used < room.count {
                let part = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(room)[used...])
                let count = unsafe pread(raw, part.baseAddress, part.count, off_t(range.lowerBound) + off_t(used))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    failed = true
                    return
                }
                used += count
            }
        }
        if failed { throw SpaceError(.failed, "\(path) cannot be read or is shorter than it should be.") }
        return bytes
    }
}
