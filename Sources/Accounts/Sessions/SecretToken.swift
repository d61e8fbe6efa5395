import Cryptography

/// A random token for people to carry and for us to recognise: given out once, stored only as SHA-256.
struct SecretToken: Sendable {
    /// Random bytes in a token.
    static let byteCount = 32
    /// Characters of the base64url form.
    static let textLength = 43

    /// What the person carries.
    let text: String

    /// A fresh token from the system's random source.
    init() { text = Self.base64URL(SecureRandom.bytes(Self.byteCount)) }

    /// A token as it came back, or nil when it cannot be one of ours: a cheap refusal before the database is asked.
    init?(presented: String) {
        guard presented.utf8.count == Self.textLength, presented.utf8.allSatisfy(Self.isLetter) else { return nil }
        text = presented
    }

    /// What bearer tokens begin with, so that people and secret scanners recognise them.
    static let bearerPrefix = "rs_"

    /// A bearer token as it came back, or nil when it cannot be one of ours.
    init?(bearer: String) {
        guard bearer.hasPrefix(Self.bearerPrefix) else { return nil }
        self.init(presented: String(bearer.dropFirst(Self.bearerPrefix.count)))
    }

    /// What the database holds: SHA-256 over the text.
    var hash: [UInt8] { Digest.sha256([UInt8](text.utf8)) }

    /// The CSRF token that belongs to this token when it is a session's: it needs the session token to compute, and the
    /// session token cannot be computed from it.
    var csrf: String { Self.base64URL(HMACSHA256.code([UInt8]("csrf".utf8), key: [UInt8](text.utf8))) }

    private static let letters = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }

    /// RFC 4648 section 5, without padding.
    static func base64URL(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 4 / 3 + 3)
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = (bits << 8 | UInt32(byte)) & 0xFFFF
            count += 8
            while count >= 6 {
                count -= 6
                text.append(letters[Int(bits >> UInt32(count) & 63)])
            }
        }
        if count > 0 { text.append(letters[Int(bits << UInt32(6 - count) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }
}
