import ByteCoding

/// Percent-decoding as forms have it: `+` is a space, and a broken escape stays as it is.
public enum LenientEscapes {
    /// The decoded bytes.
    public static func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == Octet.percent, index + 2 < bytes.endIndex, let high = Hex.value(of: bytes[index + 1]),
                let low = Hex.value(of: bytes[index + 2])
            {
                out.append(high << 4 | low)
                index += 3
                continue
            }
            out.append(byte == UInt8(ascii: "+") ? Octet.space : byte)
            index += 1
        }
        return out
    }
}
