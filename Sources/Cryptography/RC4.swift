import CLibCrypto

/// The RC4 stream cipher. It protects nothing by today's measure; peers of BitTorrent use it to look like noise.
///
/// It belongs to one owner at a time; its state is overwritten with zeros when the owner lets go of it. No call but
/// the initialiser allocates.
public final class RC4 {
    private let state: UnsafeMutablePointer<RC4_KEY>

    /// Starts the key stream of `key` (1...256 bytes are used) after leaving out its first `discarding` bytes.
    public init(key: SecretBytes, discarding: Int = 0) {
        state = .allocate(capacity: 1)
        state.initialize(to: RC4_KEY())
        key.withBytes { key in
            RC4_set_key(state, CInt(clamping: min(key.count, 256)), key.bindMemory(to: UInt8.self).baseAddress)
        }
        skip(discarding)
    }

    deinit {
        wipe()
        state.deallocate()
    }

    /// Encrypts or decrypts `bytes` in place.
    public func apply(to bytes: inout MutableRawSpan) {
        bytes.withUnsafeMutableBytes { apply(to: $0) }
    }

    /// Encrypts or decrypts the first `count` of `bytes` in place, or all when they are fewer.
    public func apply(toFirst count: Int, of bytes: inout MutableRawSpan) {
        bytes.withUnsafeMutableBytes { all in
            apply(to: UnsafeMutableRawBufferPointer(rebasing: all.prefix(max(0, count))))
        }
    }

    /// Encrypts or decrypts `bytes` in place.
    public func apply(to bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { apply(to: $0) }
    }

    /// Encrypts or decrypts `bytes` in place.
    public func apply(to bytes: UnsafeMutableRawBufferPointer) {
        guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
        CLibCrypto.RC4(state, bytes.count, base, base)
    }

    /// The next `count` bytes of the key stream.
    public func keyStream(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        apply(to: &bytes)
        return bytes
    }

    /// Leaves out the next `count` bytes of the key stream.
    public func skip(_ count: Int) {
        guard count > 0 else { return }
        let skipped = SecretBytes(count: count)
        skipped.withMutableBytes { apply(to: $0) }
    }

    /// Overwrites the state with zeros. Nothing may be encrypted afterwards.
    public func wipe() { OPENSSL_cleanse(state, MemoryLayout<RC4_KEY>.size) }

    /// Whether the state has been overwritten.
    public var isWiped: Bool {
        UnsafeRawBufferPointer(start: state, count: MemoryLayout<RC4_KEY>.size).allSatisfy { $0 == 0 }
    }
}
