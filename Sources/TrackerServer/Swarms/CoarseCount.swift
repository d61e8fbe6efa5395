/// Bytes on a scale of 4,096 steps, each at most a sixty-fourth above the one below: enough to rank and to show.
///
/// Below 64 a code is the number itself; above it is a number of 7 bits with the place of its highest bit, as in
/// floating point. A greater code is never fewer bytes. Pure.
enum CoarseCount {
    private static let fractionBits = 6

    /// The greatest code there is; for `UInt64.max` bytes.
    static let maximum: UInt16 = encode(.max)

    /// The code of the greatest number on the scale that is not above `bytes`.
    static func encode(_ bytes: UInt64) -> UInt16 {
        guard bytes >= 1 << fractionBits else { return UInt16(truncatingIfNeeded: bytes) }
        let shift = 63 - bytes.leadingZeroBitCount - fractionBits
        let fraction = UInt16(truncatingIfNeeded: bytes >> UInt64(shift)) & 63
        return UInt16(truncatingIfNeeded: shift + 1) << UInt16(fractionBits) | fraction
    }

    /// The number a code stands for. Codes above `maximum` stand for the greatest.
    static func decode(_ code: UInt16) -> UInt64 {
        let code = min(code, maximum)
        guard code >= 1 << fractionBits else { return UInt64(code) }
        return UInt64(code & 63 | 64) << (UInt64(code >> UInt16(fractionBits)) - 1)
    }
}
