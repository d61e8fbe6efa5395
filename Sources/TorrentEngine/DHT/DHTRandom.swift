import DHTWire

/// Where the node takes chance from: the kernel, or a seeded generator in tests.
struct DHTRandom: RandomNumberGenerator {
    private let source: () -> UInt64

    /// - Parameter source: Gives 64 random bits a call; unpredictable ones outside tests.
    init(_ source: @escaping () -> UInt64) { self.source = source }

    mutating func next() -> UInt64 { source() }

    /// A random id.
    mutating func nodeID() -> NodeID { NodeID(next(), next(), UInt32(truncatingIfNeeded: next())) }
}
