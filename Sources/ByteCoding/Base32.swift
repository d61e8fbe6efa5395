/// Base32 text (RFC 4648 section 6): upper case and without padding out; either case, padded or not, in.
public enum Base32 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// Eight digits for five bytes, no padding.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: BitGroups.split(bytes, width: 5).map { digits[Int($0)] }, as: UTF8.self)
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
            case UInt8(ascii: "a")...UInt8(ascii: "z"): values.append(character - UInt8(ascii: "a"))
            case UInt8(ascii: "2")...UInt8(ascii: "7"): values.append(character - UInt8(ascii: "2") + 26)
            default: return nil
            }
        }
        guard padding == 0 || (padding < 8 && (values.count + padding).isMultiple(of: 8)) else { return nil }
        return BitGroups.join(values, width: 5)
    }
}
