import ByteCoding

/// Nodes that are to be asked whether they are there. Each address is asked once a minute at most, so that a node that
/// asks us and never answers costs little.
struct NodeCheckQueue {
    private static let capacity = 64
    private static let remembered = 2_048
    private var waiting: [Endpoint] = []
    private var recent: Set<AddressKey> = []

    var isEmpty: Bool { waiting.isEmpty }

    mutating func add(_ endpoint: Endpoint) {
        guard waiting.count < Self.capacity, recent.count < Self.remembered,
            recent.insert(AddressKey(endpoint)).inserted
        else { return }
        waiting.append(endpoint)
    }

    /// The next node that may be asked.
    mutating func next(where mayAsk: (Endpoint) -> Bool) -> Endpoint? {
        waiting.firstIndex(where: mayAsk).map { waiting.remove(at: $0) }
    }

    /// A minute has passed.
    mutating func forgetRecent() { recent = Set(waiting.map { AddressKey($0) }) }
}
