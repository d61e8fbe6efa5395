/// Percent-encoding of URIs (RFC 3986 section 2.1), over bytes.
public enum PercentEncoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Every byte that is not unreserved (letters, digits, `-._~`) becomes `%XX`.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        encode(bytes, keeping: isUnreserved)
    }

    /// The UTF-8 of a text, encoded; see `encode(_:)`.
    public static func encode(_ text: String) -> String { encode(text.utf8) }

    /// A path whose slashes stay and whose other bytes are encoded as by `encode(_:)`.
    public static func encodePath(_ path: String) -> String {
        encode(path.utf8) { isUnreserved($0) || $0 == UInt8(ascii: "/") }
    }

    /// The bytes that encoded text names; nil when a `%` is not followed by two hexadecimal digits.
    /// With `plusIsSpace` a `+` is a space, as in HTML forms.
    public static func decode(_ text: some Sequence<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.underestimatedCount)
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(Hex.value(of:)),
                    let low = iterator.next().flatMap(Hex.value(of:))
                else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    /// Whether a byte is one of RFC 3986's unreserved characters.
    public static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func encode(_ bytes: some Sequence<UInt8>, keeping isKept: (UInt8) -> Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.underestimatedCount)
        for byte in bytes {
            if isKept(byte) {
                text.append(byte)
            } else {
                text.append(UInt8(ascii: "%"))
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
