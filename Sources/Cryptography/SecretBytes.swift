import CLibCrypto

/// Bytes that are overwritten with zeros when they are no longer needed, at the latest when their last owner goes.
///
/// It belongs to one owner at a time.
public final class SecretBytes {
    private let storage: UnsafeMutableRawBufferPointer

    /// How many bytes there are.
    public var count: Int { storage.count }

    /// `count` zeros; a negative count is none.
    public init(count: Int) {
        storage = .allocate(byteCount: max(0, count), alignment: 16)
        storage.initializeMemory(as: UInt8.self, repeating: 0)
    }

    /// A copy of `bytes`. The original stays with the caller.
    public convenience init(copying bytes: some Collection<UInt8>) {
        self.init(count: bytes.count)
        storage.copyBytes(from: bytes)
    }

    /// `count` bytes from the kernel's generator.
    public static func random(_ count: Int) -> SecretBytes {
        let secret = SecretBytes(count: count)
        var generator = SystemRandomNumberGenerator()
        for index in secret.storage.indices { secret.storage[index] = generator.next() }
        return secret
    }

    deinit {
        wipe()
        storage.deallocate()
    }

    /// Overwrites the bytes with zeros.
    public func wipe() { OPENSSL_cleanse(storage.baseAddress, storage.count) }

    /// Reads the bytes in place.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(storage))
    }

    /// Reads and writes the bytes in place.
    public func withMutableBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(storage)
    }

    /// The bytes in memory that is not wiped: for those that are to be shown to others.
    public func copy() -> [UInt8] { Array(storage) }

    /// Whether every byte is zero.
    public var isZero: Bool { storage.allSatisfy { $0 == 0 } }
}
