/// Fields of `application/x-www-form-urlencoded`, in order (WHATWG URL, 5.1).
///
/// Names are flat: brackets in them mean nothing.
public struct FormFields: Sendable, Equatable {
    /// One field.
    public struct Field: Sendable, Equatable {
        /// The decoded name.
        public let name: String
        /// The decoded value.
        public let value: String
    }

    /// The fields in order.
    public private(set) var fields: [Field] = []

    /// No fields.
    public init() {}

    /// Fields made by hand.
    public init(_ pairs: [(name: String, value: String)]) {
        fields = pairs.map { Field(name: $0.name, value: $0.value) }
    }

    /// Decodes a query, whose length the request line bounds. Broken escapes stay as they are, and bytes that are not
    /// UTF-8 become U+FFFD, as in browsers.
    public init(decoding bytes: [UInt8]) {
        fields = Self.pieces(bytes).map(Self.field)
    }

    /// Decodes a body.
    ///
    /// - Throws: `FormError.tooManyFields` over `limit` fields.
    public init(decoding bytes: [UInt8], limit: Int) throws(FormError) {
        var found: [Field] = []
        for piece in Self.pieces(bytes) {
            guard found.count < limit else { throw .tooManyFields }
            found.append(Self.field(piece))
        }
        fields = found
    }

    /// The fields as pairs.
    public var pairs: [(name: String, value: String)] { fields.map { ($0.name, $0.value) } }

    /// The value of the first field of that name.
    public func first(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The value of the first field of that name.
    public subscript(_ name: String) -> String? { first(name) }

    /// The values of all fields of that name, in order.
    public func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// Adds a field at the end.
    public mutating func append(name: String, value: String) { fields.append(Field(name: name, value: value)) }

    private static func pieces(_ bytes: [UInt8]) -> some Sequence<ArraySlice<UInt8>> {
        bytes.lazy.split(separator: UInt8(ascii: "&")).map { bytes[$0.startIndex..<$0.endIndex] }
    }

    private static func field(_ piece: ArraySlice<UInt8>) -> Field {
        guard let equals = piece.firstIndex(of: Octet.equals) else { return Field(name: decode(piece), value: "") }
        return Field(name: decode(piece[..<equals]), value: decode(piece[(equals + 1)...]))
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: LenientEscapes.decode(bytes), as: UTF8.self)
    }
}
