import ByteCoding
import Synchronization

/// Who may use the tracker at all: those whose tracker URL has a key.
final class Passkeys: Sendable {
    private static let longestKey = 256
    private let keys = Mutex<Set<[UInt8]>?>(nil)
    private let needed = Atomic(false)

    /// Whether a key is needed; a load, so that a tracker without keys pays nothing.
    var areNeeded: Bool { needed.load(ordering: .relaxed) }

    /// Nil lets everybody in; an empty set nobody.
    func set(_ new: Set<String>?) {
        keys.withLock { keys in
            keys = new.map { texts in
                Set(texts.map { Array($0.utf8) }.filter { !$0.isEmpty && $0.count <= Self.longestKey })
            }
            needed.store(new != nil, ordering: .relaxed)
        }
    }

    /// Whether a URL's path and query, as BEP 41 gives them, hold a key: `/announce/KEY`, `/KEY/announce` or `?passkey=KEY`.
    func admit(url: [UInt8]) -> Bool {
        guard let mark = url.firstIndex(of: UInt8(ascii: "?")) else { return admit(path: url[...], query: []) }
        return admit(path: url[..<mark], query: url[(mark + 1)...])
    }

    /// Whether a path or a raw query holds a key.
    func admit(path: ArraySlice<UInt8>, query: ArraySlice<UInt8>) -> Bool {
        guard areNeeded else { return true }
        let parts = path.split(separator: UInt8(ascii: "/"), maxSplits: 8).prefix(8)
        let named = query.split(separator: UInt8(ascii: "&")).filter { $0.starts(with: "passkey=".utf8) }
            .prefix(1).map { $0.dropFirst(8) }
        return keys.withLock { keys in
            guard let keys else { return true }
            return (parts + named).contains { text in
                guard text.count <= 3 * Self.longestKey else { return false }
                guard let key = PercentEncoding.decode(text, plusIsSpace: false) else { return false }
                return keys.contains(key)
            }
        }
    }
}
