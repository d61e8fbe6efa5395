import Cryptography

/// Our half of the Diffie-Hellman exchange of Message Stream Encryption: 768 bits, generator 2.
struct EncryptionKeys {
    /// The length of a public key and of the shared secret, in bytes.
    static let byteCount = 96

    static let prime: [UInt8] =
        [UInt8](repeating: 0xff, count: 8) + [
            0xc9, 0x0f, 0xda, 0xa2, 0x21, 0x68, 0xc2, 0x34, 0xc4, 0xc6, 0x62, 0x8b, 0x80, 0xdc, 0x1c, 0xd1,
            0x29, 0x02, 0x4e, 0x08, 0x8a, 0x67, 0xcc, 0x74, 0x02, 0x0b, 0xbe, 0xa6, 0x3b, 0x13, 0x9b, 0x22,
            0x51, 0x4a, 0x08, 0x79, 0x8e, 0x34, 0x04, 0xdd, 0xef, 0x95, 0x19, 0xb3, 0xcd, 0x3a, 0x43, 0x1b,
            0x30, 0x2b, 0x0a, 0x6d, 0xf2, 0x5f, 0x14, 0x37, 0x4f, 0xe1, 0x35, 0x6d, 0x6d, 0x51, 0xc2, 0x45,
            0xe4, 0x85, 0xb5, 0x76, 0x62, 0x5e, 0x7e, 0xc6, 0xf4, 0x4c, 0x42, 0xe9, 0xa6, 0x3a, 0x36, 0x21,
            0x00, 0x00, 0x00, 0x00, 0x00, 0x09, 0x05, 0x63,
        ]
    private static let group = ModularPower(modulus: prime)
    /// 160 bits: more adds no security to a group of this size.
    private static let exponentByteCount = 20

    /// What is sent to the peer, 96 bytes.
    let publicKey: [UInt8]
    /// The private exponent.
    let exponent: SecretBytes

    /// A fresh pair; nil when memory is out.
    init?() {
        exponent = SecretBytes.random(Self.exponentByteCount)
        guard let power = Self.group?.raise([2], to: exponent) else { return nil }
        publicKey = power.copy()
    }

    /// The secret shared with the owner of `remoteKey` (96 bytes); nil for a key no honest peer has. The private
    /// exponent is wiped: a pair serves for one handshake.
    func secret(with remoteKey: ArraySlice<UInt8>) -> EncryptionSecret? {
        defer { exponent.wipe() }
        return Self.group?.raise(Array(remoteKey), to: exponent).map(EncryptionSecret.init)
    }
}
