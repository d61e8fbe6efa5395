import Foundation

/// JSON as this site writes it: keys sorted, slashes as they are, `<` escaped so that no browser can mistake it for
/// markup.
enum JSONText {
    /// The document's bytes.
    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return Array("null".utf8) }
        return escaped(data)
    }

    /// In JSON a `<` stands only inside strings, so this changes no meaning.
    private static func escaped(_ data: some Sequence<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        for byte in data {
            if byte == UInt8(ascii: "<") { bytes += "\\u003c".utf8 } else { bytes.append(byte) }
        }
        return bytes
    }
}
