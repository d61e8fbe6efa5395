/// The bit field `crypto_provide` and `crypto_select` of Message Stream Encryption.
struct CryptoMethods: OptionSet, Hashable, Sendable {
    let rawValue: UInt32

    /// The stream after the handshake is not encrypted.
    static let plaintext = CryptoMethods(rawValue: 1)
    /// The stream after the handshake is encrypted by RC4.
    static let rc4 = CryptoMethods(rawValue: 2)
}
