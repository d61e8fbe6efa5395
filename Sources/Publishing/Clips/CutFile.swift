import Foundation
import Synchronization

/// A clip that is whole. The file has no name: it goes with the last who holds it.
public final class CutFile: Sendable {
    /// The file's length in bytes.
    public let size: Int64
    /// What tells these bytes from any others; without quotes.
    public let etag: String
    /// Seconds of the film at which the first picture (of a sound: packet) lies.
    public let actualStart: Double
    /// Whether players begin at the asked start all the same, because the file tells them to.
    public let beginsAsAsked: Bool
    private let spool: SpoolFile
    private let end = Mutex<(@Sendable () -> Void)?>(nil)

    /// - Parameter isPartial: whether the worker read the film in parts: then other sound packets may be at the edges
    ///   than in a cut of the whole film.
    init(_ spool: SpoolFile, size: Int64, of key: CutKey, isPartial: Bool = false, _ beginning: CutOpening) {
        self.spool = spool
        self.size = size
        etag = "\(key.etag)-\(String(size, radix: 16))\(isPartial ? "-parts" : "")"
        actualStart = beginning.actualStart
        beginsAsAsked = beginning.beginsAsAsked
    }

    deinit { end.withLock { $0 }?() }

    /// Has `body` called when the last who holds it has let go.
    func atEnd(_ body: @escaping @Sendable () -> Void) { end.withLock { $0 = body } }

    /// An open, readable descriptor while this value lives; positions are never moved (`pread` only).
    public var descriptor: CInt { spool.descriptor }

    /// Reads `count` bytes from `offset`. Blocks.
    func read(at offset: Int64, count: Int) throws(FileError) -> [UInt8] { try spool.read(at: offset, count: count) }
}

/// How a clip begins, which is known before its bytes are.
struct CutOpening: Sendable, Equatable {
    let actualStart: Double
    let beginsAsAsked: Bool
}
