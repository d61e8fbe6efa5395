/// One SQL statement with its values. Text comes only from literals of the source; `\(value)` binds by type and is the
/// only way to put a value in, so no value can ever be read as SQL.
public struct SQLQuery: ExpressibleByStringInterpolation, Sendable {
    enum Part: Sendable {
        case text(String)
        case value(SQLType, (any SQLConvertible)?)
    }

    var parts: [Part]

    /// A statement without values.
    public init(stringLiteral text: StaticString) { parts = [.text(text.description)] }

    /// A statement with values.
    public init(stringInterpolation: Interpolation) { parts = stringInterpolation.parts }

    /// Collects text and values of a literal.
    public struct Interpolation: StringInterpolationProtocol {
        var parts: [Part] = []

        /// Begins a literal.
        public init(literalCapacity: Int, interpolationCount: Int) { parts.reserveCapacity(interpolationCount * 2 + 1) }

        /// Takes text of the source.
        public mutating func appendLiteral(_ literal: StaticString) {
            if literal.utf8CodeUnitCount > 0 { parts.append(.text(literal.description)) }
        }

        /// Binds a value; nil binds NULL of the value's type.
        public mutating func appendInterpolation<Value: SQLConvertible>(_ value: Value?) {
            parts.append(.value(Value.sqlType, value))
        }

        /// Puts in a part of a statement with its values.
        public mutating func appendInterpolation(_ fragment: SQLQuery) {
            parts.append(contentsOf: fragment.parts)
        }

        /// Puts in a name, quoted.
        public mutating func appendInterpolation(_ name: SQLIdentifier) {
            parts.append(.text(name.quoted))
        }
    }
}
