/// Random bytes fit for keys and tokens, from the kernel's generator (getrandom); there is no seed to keep.
public enum SecureRandom {
    /// `count` random bytes.
    public static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var out: [UInt8] = []
        out.reserveCapacity(max(0, count))
        while out.count < count {
            withUnsafeBytes(of: generator.next() as UInt64) { word in
                out.append(contentsOf: word.prefix(count - out.count))
            }
        }
        return out
    }

    /// 64 random bits.
    public static func word() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
