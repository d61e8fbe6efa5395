/// Base64 text with the alphabet that is safe in URLs (RFC 4648 section 5), without padding out; padded or not in.
public enum Base64URL {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Four digits for three bytes, no padding.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: BitGroups.split(bytes, width: 6).map { digits[Int($0)] }, as: UTF8.self)
    }

    /// The bytes a text names; nil for any other character, a wrong length or leftover bits.
    public static func decode(_ text: String) -> [UInt8]? {
        var values: [UInt8] = []
        var padding = 0
        for character in text.utf8 {
            switch character {
            case UInt8(ascii: "="): padding += 1
            case _ where padding > 0: return nil
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): values.append(character - UInt8(ascii: "A"))
            case UInt8(ascii: "a")...UInt8(ascii: "z"): values.append(character - UInt8(ascii: "a") + 26)
            case UInt8(ascii: "0")...UInt8(ascii: "9"): values.append(character - UInt8(ascii: "0") + 52)
            case UInt8(ascii: "-"): values.append(62)
            case UInt8(ascii: "_"): values.append(63)
            default: return nil
            }
        }
        guard padding == 0 || (padding < 3 && (values.count + padding).isMultiple(of: 4)) else { return nil }
        return BitGroups.join(values, width: 6)
    }
}
