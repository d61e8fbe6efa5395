import CLibCrypto

/// The cost of one scrypt run (RFC 7914).
public struct ScryptParameters: Equatable, Sendable {
    /// Base-two logarithm of N, the number of memory blocks.
    public let logN: Int
    /// Block size in units of 128 bytes.
    public let r: Int
    /// How many independent lanes are run.
    public let p: Int

    /// N=2^15, r=8, p=3: as strong as OWASP's first choice at a quarter of its memory (32 MiB a run).
    public static let current = ScryptParameters(logN: 15, r: 8, p: 3)

    /// Bytes of memory one run takes.
    public var memory: UInt64 { 128 * UInt64(r) * ((1 << UInt64(logN)) + UInt64(p) + 2) }

    /// Nil outside the ranges this program runs (logN 1...20, r 1...32, p 1...16, at most 256 MiB), since stored
    /// parameters decide how much memory a login takes.
    public init?(checkedLogN logN: Int, r: Int, p: Int) {
        guard (1...20).contains(logN), (1...32).contains(r), (1...16).contains(p) else { return nil }
        self.init(logN: logN, r: r, p: p)
        guard memory <= 256 << 20 else { return nil }
    }

    init(logN: Int, r: Int, p: Int) {
        self.logN = logN
        self.r = r
        self.p = p
    }
}

/// The function itself; blocks its thread for about a tenth of a second.
enum Scrypt {
    static let keyLength = 32

    /// Nil when memory is out.
    static func key(_ password: [UInt8], salt: [UInt8], parameters: ScryptParameters) -> [UInt8]? {
        var key = [UInt8](repeating: 0, count: keyLength)
        // OpenSSL's own cap is 32 MiB, just below what these parameters need: without maxmem the call fails.
        let cap = parameters.memory + (1 << 20)
        let done = password.withUnsafeBytes { password in
            EVP_PBE_scrypt(
                password.baseAddress?.assumingMemoryBound(to: CChar.self), password.count, salt, salt.count,
                1 << UInt64(parameters.logN), UInt64(parameters.r), UInt64(parameters.p), cap, &key, key.count)
        }
        return done == 1 ? key : nil
    }
}
