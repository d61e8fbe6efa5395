/// The boundary of a `multipart/form-data` body (RFC 2046, 5.1.1).
public struct MultipartBoundary: Sendable, Equatable {
    /// The boundary's bytes, without the leading hyphens: 1 to 70.
    public let bytes: [UInt8]

    /// A boundary of these bytes; nil unless there are 1 to 70 and all of them are allowed in one.
    public init?(_ bytes: [UInt8]) {
        guard (1...70).contains(bytes.count), bytes.allSatisfy(Self.isBoundaryByte), bytes.last != Octet.space else {
            return nil
        }
        self.bytes = bytes
    }

    /// Reads a Content-Type; nil unless it is `multipart/form-data` with a valid boundary.
    public init?(contentType: String) {
        guard let parsed = ParameterizedValue(Array(contentType.utf8)), parsed.value == "multipart/form-data",
            let boundary = parsed["boundary"]
        else { return nil }
        self.init(Array(boundary.utf8))
    }

    private static func isBoundaryByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "'()+_,-./:=? ".utf8.contains(byte) || Octet.isToken(byte)
        }
    }
}
