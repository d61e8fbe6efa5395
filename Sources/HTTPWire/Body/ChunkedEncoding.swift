/// The chunked coding of what we send.
public enum ChunkedEncoding {
    /// What goes before a chunk of so many bytes; after it goes CRLF.
    public static func prefix(_ count: Int) -> [UInt8] {
        Array(String(max(0, count), radix: 16).utf8) + [13, 10]
    }

    /// What ends a chunk.
    public static let suffix: [UInt8] = [13, 10]

    /// What ends the body.
    public static let end: [UInt8] = Array("0\r\n\r\n".utf8)
}
