/// Digests of whole messages.
public enum Digest {
    /// SHA-1 (20 bytes), which BitTorrent v1 names pieces and torrents with.
    public static func sha1(_ message: [UInt8]) -> [UInt8] { message.withUnsafeBytes { sha1($0) } }

    /// SHA-1 (20 bytes).
    public static func sha1(_ message: RawSpan) -> [UInt8] { message.withUnsafeBytes { sha1($0) } }

    /// SHA-1 (20 bytes).
    public static func sha1(_ message: UnsafeRawBufferPointer) -> [UInt8] { digest(.sha1, message) }

    /// SHA-256 (32 bytes).
    public static func sha256(_ message: [UInt8]) -> [UInt8] { message.withUnsafeBytes { sha256($0) } }

    /// SHA-256 (32 bytes).
    public static func sha256(_ message: RawSpan) -> [UInt8] { message.withUnsafeBytes { sha256($0) } }

    /// SHA-256 (32 bytes).
    public static func sha256(_ message: UnsafeRawBufferPointer) -> [UInt8] { digest(.sha256, message) }

    private static func digest(_ algorithm: DigestAlgorithm, _ message: UnsafeRawBufferPointer) -> [UInt8] {
        var context = DigestContext(algorithm)
        context.update(message)
        return context.finish()
    }
}
