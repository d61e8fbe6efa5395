extension IPAddress: LosslessStringConvertible {
    /// An address from its literal, without brackets, zone, port or spaces; nil for anything else.
    /// The forms that only `inet_aton` knows (`127.1`, octal, hexadecimal) are refused.
    public init?(_ text: String) {
        let characters = Array(text.utf8.prefix(46))
        guard characters.count < 46 else { return nil }
        if characters.contains(UInt8(ascii: ":")) {
            guard let groups = Self.groups(ofIPv6: characters[...]) else { return nil }
            self.init(
                high: groups.prefix(4).reduce(0) { $0 << 16 | UInt64($1) },
                low: groups.suffix(4).reduce(0) { $0 << 16 | UInt64($1) })
        } else {
            guard let bits = Self.bits(ofIPv4: characters[...]) else { return nil }
            self.init(v4: bits)
        }
    }

    /// The dotted decimals, or the canonical IPv6 text of RFC 5952.
    public var description: String {
        if let bits = v4Bits {
            return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
        }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> UInt64(48 - $0 % 4 * 16)) }
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard let zeros = Self.longestZeroRun(in: groups) else { return text(0..<8) }
        return text(0..<zeros.lowerBound) + "::" + text(zeros.upperBound..<8)
    }

    /// The longest run of two or more zero groups, the first of equals (RFC 5952 section 4.2).
    private static func longestZeroRun(in groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start >= 2, end - start > (best?.count ?? 0) { best = start..<end }
            start = end + 1
        }
        return best
    }

    /// The bits of four decimal numbers 0...255 without leading zeros.
    private static func bits(ofIPv4 text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var number: UInt32 = 0
            for digit in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
                number = number * 10 + UInt32(digit - UInt8(ascii: "0"))
            }
            guard number <= 255 else { return nil }
            bits = bits << 8 | number
        }
        return bits
    }

    /// The eight groups of an IPv6 literal (RFC 4291 section 2.2).
    private static func groups(ofIPv6 text: ArraySlice<UInt8>) -> [UInt16]? {
        guard let gap = gap(in: text) else {
            guard let groups = groups(in: text), groups.count == 8 else { return nil }
            return groups
        }
        guard let left = gap.left.isEmpty ? [] : groups(in: gap.left, mayEndInIPv4: false),
            let right = gap.right.isEmpty ? [] : groups(in: gap.right), left.count + right.count <= 7
        else { return nil }
        return left + [UInt16](repeating: 0, count: 8 - left.count - right.count) + right
    }

    /// What stands before and after the first `::`.
    private static func gap(in text: ArraySlice<UInt8>) -> (left: ArraySlice<UInt8>, right: ArraySlice<UInt8>)? {
        let colon = UInt8(ascii: ":")
        let pairs = zip(text.indices, text.indices.dropFirst())
        guard let first = pairs.first(where: { text[$0] == colon && text[$1] == colon }) else { return nil }
        return (text[..<first.0], text[(first.1 + 1)...])
    }

    /// The groups of a text without `::`; the last may be an IPv4 literal.
    private static func groups(in text: ArraySlice<UInt8>, mayEndInIPv4: Bool = true) -> [UInt16]? {
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let bits = bits(ofIPv4: part) else { return nil }
                groups.append(UInt16(truncatingIfNeeded: bits >> 16))
                groups.append(UInt16(truncatingIfNeeded: bits))
                continue
            }
            guard (1...4).contains(part.count) else { return nil }
            var group: UInt16 = 0
            for digit in part {
                guard let value = Hex.value(of: digit) else { return nil }
                group = group << 4 | UInt16(value)
            }
            groups.append(group)
        }
        return groups
    }
}
