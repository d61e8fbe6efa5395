/// Names one connection within the engine; never used again.
struct PeerNumber: RawRepresentable, Hashable, Comparable, Sendable {
    let rawValue: UInt64

    static func < (left: PeerNumber, right: PeerNumber) -> Bool { left.rawValue < right.rawValue }
}
