/// A bencoded text that has been read and checked (BEP 3). It keeps the text, and every value knows its own raw bytes,
/// so that `info` is hashed over exactly what was received.
public struct BencodeDocument: Sendable {
    let bytes: [UInt8]
    let tokens: [BencodeToken]
    /// How many bytes the value takes; more may follow it when the document was read by `init(prefixOf:)`.
    public let byteCount: Int

    /// Reads a text that is exactly one value.
    public init(
        decoding bytes: [UInt8], limits: BencodeLimits = .file, strictness: BencodeStrictness = .strict
    ) throws(BencodeError) {
        try self.init(prefixOf: bytes, limits: limits, strictness: strictness)
        guard byteCount == bytes.count else { throw .trailingBytes(offset: byteCount) }
    }

    /// Reads the value a text begins with and leaves what follows it, as in the data messages of BEP 9.
    public init(
        prefixOf bytes: [UInt8], limits: BencodeLimits = .message, strictness: BencodeStrictness = .lenient
    ) throws(BencodeError) {
        var tokenizer = BencodeTokenizer(bytes, limits: limits, strictness: strictness)
        byteCount = try tokenizer.readValue()
        self.bytes = bytes
        tokens = tokenizer.tokens
    }

    /// The value.
    public var root: BencodeValue { BencodeValue(document: self, index: 0) }
}
