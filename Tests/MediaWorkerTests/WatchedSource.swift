import Foundation
import Media
import Synchronization

/// A film in memory whose reads are watched: outside of what is allowed they fail.
final class WatchedSource: MediaByteSource {
    struct Outside: Error, CustomStringConvertible {
        let offset: UInt64
        var description: String { "read outside the plan at \(offset)" }
    }

    let size: UInt64
    private let bytes: [UInt8]
    private let allowed: [Range<UInt64>]
    /// What was read, in order.
    let reads = Mutex<[Range<UInt64>]>([])
    /// The most bytes of one answer.
    private let most: Int

    init(_ bytes: [UInt8], allowing ranges: [Range<UInt64>]? = nil, atMost most: Int = .max) {
        self.bytes = bytes
        size = UInt64(bytes.count)
        allowed = ranges ?? [0..<UInt64(bytes.count)]
        self.most = most
    }

    func bytes(at offset: UInt64, upTo count: Int) async throws -> [UInt8] {
        guard let range = allowed.first(where: { $0.contains(offset) }) else { throw Outside(offset: offset) }
        let end = min(offset + UInt64(min(count, most)), range.upperBound)
        reads.withLock { $0.append(offset..<end) }
        return Array(bytes[Int(offset)..<Int(end)])
    }

    var bytesRead: UInt64 { reads.withLock { $0.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) } } }
}
