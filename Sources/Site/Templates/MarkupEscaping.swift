import Mustache

/// Escapes what means something in HTML text and in quoted attributes, byte by byte.
///
/// Mustache's own escaping goes by `Character`, and a quote with a combining mark after it is another one than a quote:
/// it would end the attribute.
struct MarkupEscaping: MustacheContentType {
    /// The text with `&`, `<`, `>`, `"` and `'` as character references.
    func escapeText(_ text: String) -> String {
        guard text.utf8.contains(where: { Self.reference($0) != nil }) else { return text }
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.utf8.count + 32)
        for byte in text.utf8 {
            if let reference = Self.reference(byte) {
                escaped += reference.utf8
            } else {
                escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    private static func reference(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        default: nil
        }
    }
}
