/// What a Range header asks of content of a known size (RFC 9110, 14.2).
public enum ByteRanges: Sendable, Equatable {
    /// There is no range, or it is malformed, of another unit, or asks too much: the whole is sent with 200.
    case whole
    /// These ranges, in the order in which they were asked for.
    case partial([Range<Int64>])
    /// None of the ranges has any byte of the content: 416.
    case unsatisfiable

    /// More ranges than this, or ranges that add up to more than the content, are answered with the whole.
    public static let limit = 16

    /// Reads a Range header value.
    public init(_ header: String?, size: Int64) {
        guard let header, let specifiers = Self.specifiers(header) else {
            self = .whole
            return
        }
        var ranges: [Range<Int64>] = []
        for specifier in specifiers {
            guard let bounds = Specifier(specifier) else {
                self = .whole
                return
            }
            if let range = bounds.range(in: size) { ranges.append(range) }
        }
        self = Self.decide(ranges, size: size)
    }

    private static func specifiers(_ header: String) -> [Substring]? {
        let text = header.utf8
        guard let equals = text.firstIndex(of: Octet.equals),
            header[..<equals].lowercased() == "bytes"
        else { return nil }
        let list = header[text.index(after: equals)...]
        guard list.utf8.count <= 1024 else { return nil }
        let parts = list.split(separator: ",", omittingEmptySubsequences: true).map { part in
            part.drop { $0 == " " || $0 == "\t" }
        }
        let filled = parts.filter { !$0.isEmpty }
        return filled.isEmpty || filled.count > limit ? nil : filled
    }

    private static func decide(_ ranges: [Range<Int64>], size: Int64) -> ByteRanges {
        guard !ranges.isEmpty else { return .unsatisfiable }
        // Many overlapping ranges would send the content many times over (CVE-2011-3192).
        var total: Int64 = 0
        for range in ranges {
            total += range.upperBound - range.lowerBound
            if ranges.count > 1, total > size { return .whole }
        }
        return .partial(ranges)
    }

    private enum Specifier {
        case from(Int64, through: Int64?)
        case suffix(Int64)

        /// Reads `first-`, `first-last` or `-count`; numbers beyond 64 bits count as the largest there is.
        init?(_ text: Substring) {
            let bytes = text.utf8
            guard let dash = bytes.firstIndex(of: UInt8(ascii: "-")) else { return nil }
            var tail = bytes[bytes.index(after: dash)...]
            while let last = tail.last, Octet.isBlank(last) { tail.removeLast() }
            let first = bytes[..<dash]
            if first.isEmpty {
                guard let count = Self.number(tail) else { return nil }
                self = .suffix(count)
                return
            }
            guard let start = Self.number(first) else { return nil }
            if tail.isEmpty {
                self = .from(start, through: nil)
                return
            }
            guard let end = Self.number(tail), end >= start else { return nil }
            self = .from(start, through: end)
        }

        private static func number(_ digits: Substring.UTF8View) -> Int64? {
            guard !digits.isEmpty, digits.allSatisfy(Octet.isDigit) else { return nil }
            return Int64(String(decoding: digits, as: UTF8.self)) ?? Int64.max
        }

        func range(in size: Int64) -> Range<Int64>? {
            switch self {
            case .suffix(let count):
                return count > 0 && size > 0 ? max(0, size - min(count, size))..<size : nil
            case .from(let start, let end):
                guard start < size else { return nil }
                return start..<(min(end ?? size - 1, size - 1) + 1)
            }
        }
    }
}
