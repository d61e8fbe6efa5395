import ByteCoding

/// Forms that make outside text safe in header fields.
public enum HeaderText {
    /// A URI reference: every byte that is not visible ASCII, and those that RFC 3986 leaves out, percent-encoded;
    /// escapes stay as they are.
    public static func uriReference(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            if Octet.isVisible(byte), !"\"<>\\^`{|}".utf8.contains(byte) {
                out.append(byte)
            } else {
                out.append(contentsOf: percent(byte))
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// `%XX`.
    static func percent(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [Octet.percent, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    /// A quoted-string of RFC 9110, 5.6.4; control characters become spaces.
    static func quoted(_ text: String) -> String {
        var out: [UInt8] = [Octet.quote]
        for byte in text.utf8 {
            if byte == Octet.quote || byte == Octet.backslash { out.append(Octet.backslash) }
            out.append(Octet.isFieldContent(byte) ? byte : Octet.space)
        }
        return String(decoding: out + [Octet.quote], as: UTF8.self)
    }
}
