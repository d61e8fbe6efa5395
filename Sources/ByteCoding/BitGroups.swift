/// Regroups bytes into digits of five or six bits and back, most significant bit first (RFC 4648 section 3).
enum BitGroups {
    /// Digits of `width` bits; the last is filled up with zero bits.
    static func split(_ bytes: some Sequence<UInt8>, width: Int) -> [UInt8] {
        var digits: [UInt8] = []
        var pending: UInt32 = 0
        var pendingBits = 0
        let mask: UInt32 = (1 << UInt32(width)) - 1
        for byte in bytes {
            pending = (pending << 8 | UInt32(byte)) & 0xffff
            pendingBits += 8
            while pendingBits >= width {
                pendingBits -= width
                digits.append(UInt8(truncatingIfNeeded: pending >> UInt32(pendingBits) & mask))
            }
        }
        if pendingBits > 0 {
            digits.append(UInt8(truncatingIfNeeded: pending << UInt32(width - pendingBits) & mask))
        }
        return digits
    }

    /// The bytes of digits of `width` bits; nil when a whole digit or a set bit is left over.
    static func join(_ digits: [UInt8], width: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var pending: UInt32 = 0
        var pendingBits = 0
        for digit in digits {
            pending = (pending << UInt32(width) | UInt32(digit)) & 0xffff
            pendingBits += width
            if pendingBits >= 8 {
                pendingBits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(pendingBits)))
            }
        }
        guard pendingBits < width, pending & ((1 << UInt32(pendingBits)) - 1) == 0 else { return nil }
        return bytes
    }
}
