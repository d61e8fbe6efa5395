/// The name of a table, column or channel. It can only be made from text in the source, never from a value.
public struct SQLIdentifier: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    private let name: String

    /// Names something by a literal of the source.
    public init(stringLiteral name: StaticString) { self.name = name.description }

    /// The name in double quotes, as SQL wants it.
    var quoted: String {
        let parts = name.split(separator: "\"", omittingEmptySubsequences: false)
        return "\"" + parts.joined(separator: "\"\"") + "\""
    }

    /// The name.
    public var description: String { name }
}
