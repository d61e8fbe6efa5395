/// Computes SHA-1 over bytes that arrive in parts; usable again after each digest.
///
/// It belongs to one owner at a time. No call allocates but those that return an array.
public struct SHA1Hasher: ~Copyable, Sendable {
    /// The length of a digest in bytes.
    public static let digestLength = 20

    private var context: DigestContext

    /// Starts an empty message.
    public init() { context = DigestContext(.sha1) }

    /// Adds bytes to the message.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) { context.update(bytes) }

    /// Adds bytes to the message.
    public mutating func update(_ bytes: RawSpan) { bytes.withUnsafeBytes { context.update($0) } }

    /// Adds bytes to the message.
    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { context.update($0) } }

    /// Adds bytes to the message.
    public mutating func update(_ bytes: SecretBytes) { bytes.withBytes { context.update($0) } }

    /// The digest of the message, 20 bytes; a new, empty message begins.
    public mutating func finalize() -> [UInt8] { context.finish() }

    /// Appends the digest of the message, 20 bytes; a new, empty message begins.
    public mutating func finalize(appendingTo out: inout [UInt8]) { context.finish(appendingTo: &out) }

    /// The digest of the message, 20 bytes that are wiped after use; a new, empty message begins.
    public mutating func finalizeSecret() -> SecretBytes {
        let digest = SecretBytes(count: Self.digestLength)
        digest.withMutableBytes { bytes in
            guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
            context.finish(into: base)
        }
        return digest
    }
}
