import CLibCrypto

/// One of OpenSSL's digests, fetched once: an implicit fetch for every message would cost more than a short message.
struct DigestAlgorithm: @unchecked Sendable {
    /// Immutable and never freed, so sharing it between threads is safe.
    let raw: OpaquePointer
    let length: Int

    static let sha1 = DigestAlgorithm(name: "SHA1")
    static let sha256 = DigestAlgorithm(name: "SHA256")

    private init(name: String) {
        // A libcrypto without SHA is a broken installation: nothing here could go on without it.
        guard let raw = EVP_MD_fetch(nil, name, nil) else {
            preconditionFailure("libcrypto has no \(name)")
        }
        self.raw = raw
        length = Int(EVP_MD_get_size(raw))
    }
}
