/// What a route's pattern captured from the path, percent-decoded.
public struct PathParameters: Sendable, Equatable {
    private var captured: [(name: String, value: String)] = []

    /// No captures.
    public init() {}

    /// The captured values by name, as tests give them.
    public init(_ values: [String: String]) {
        captured = values.map { (name: $0.key, value: $0.value) }
    }

    /// The captured value of that name, nil where the pattern has no such name.
    public subscript(_ name: String) -> String? {
        captured.last { $0.name == name }?.value
    }

    mutating func append(_ name: String, _ value: String) {
        captured.append((name, value))
    }

    mutating func removeLast() {
        _ = captured.popLast()
    }

    /// Two sets of captures are equal when they hold the same names and values in the same order.
    public static func == (left: Self, right: Self) -> Bool {
        left.captured.elementsEqual(right.captured) { $0 == $1 }
    }
}
