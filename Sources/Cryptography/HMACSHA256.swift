import CLibCrypto

/// Message authentication codes (RFC 2104) with SHA-256.
public enum HMACSHA256 {
    /// The length of a code in bytes.
    public static let codeLength = 32

    /// The code of `message` under `key`, 32 bytes. Compare codes with `constantTimeEqual`.
    public static func code(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: codeLength) { buffer, count in
            var length: UInt32 = 0
            // A nil key would mean "the key of the call before" to OpenSSL, so an empty one still needs an address.
            let keyed = key.isEmpty ? [0] : key
            let code = HMAC(EVP_sha256(), keyed, CInt(key.count), message, message.count, buffer.baseAddress, &length)
            precondition(code != nil && length == codeLength, "HMAC")
            count = codeLength
        }
    }
}
