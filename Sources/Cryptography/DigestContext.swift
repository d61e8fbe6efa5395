import CLibCrypto

/// Owns one `EVP_MD_CTX`: freed exactly once, started again after every finish.
///
/// OpenSSL picks the machine's SHA instructions by itself. The calls fail only when memory is out or the context is
/// misused, and a wrong hash must never pass for a right one, so such a failure stops the program.
/// Sendable because it cannot be copied: one owner at a time has the context, and OpenSSL ties it to no thread.
struct DigestContext: ~Copyable, @unchecked Sendable {
    private let raw: OpaquePointer
    private let algorithm: DigestAlgorithm

    init(_ algorithm: DigestAlgorithm) {
        guard let raw = EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
        self.raw = raw
        self.algorithm = algorithm
        start()
    }

    deinit { EVP_MD_CTX_free(raw) }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        precondition(EVP_DigestUpdate(raw, bytes.baseAddress, bytes.count) == 1, "EVP_DigestUpdate")
    }

    /// Writes the digest to `out`, which has room for it, and starts again.
    mutating func finish(into out: UnsafeMutablePointer<UInt8>) {
        precondition(EVP_DigestFinal_ex(raw, out, nil) == 1, "EVP_DigestFinal_ex")
        start()
    }

    mutating func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: algorithm.length) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            finish(into: base)
            count = algorithm.length
        }
    }

    mutating func finish(appendingTo out: inout [UInt8]) {
        let start = out.count
        out.append(contentsOf: repeatElement(0, count: algorithm.length))
        out.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            finish(into: base + start)
        }
    }

    private func start() {
        precondition(EVP_DigestInit_ex2(raw, algorithm.raw, nil) == 1, "EVP_DigestInit_ex2")
    }
}
