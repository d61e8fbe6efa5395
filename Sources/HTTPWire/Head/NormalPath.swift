import ByteCoding

/// A path with its escapes decoded, dot segments resolved (never above the root) and repeated slashes merged.
struct NormalPath {
    let text: String
    let segments: [String]

    init(_ target: Span<UInt8>, _ range: Range<Int>) throws(RequestError) {
        var segments: [String] = []
        var start = range.lowerBound + 1
        var endsWithSlash = true
        while start <= range.upperBound {
            var end = start
            while end < range.upperBound, target[end] != UInt8(ascii: "/") { end += 1 }
            let segment = try Self.segment(target, start..<end)
            endsWithSlash = segment.isEmpty || segment == "." || segment == ".."
            if segment == ".." { _ = segments.popLast() } else if !endsWithSlash { segments.append(segment) }
            start = end + 1
        }
        if endsWithSlash { segments.append("") }
        self.segments = segments
        text = "/" + segments.joined(separator: "/")
    }

    private static func segment(_ target: Span<UInt8>, _ range: Range<Int>) throws(RequestError) -> String {
        var escaped = false
        for index in range where target[index] == Octet.percent { escaped = true }
        guard escaped else { return target.text(range) }
        let decoded = try decode(target, range)
        guard let text = String(validating: decoded, as: UTF8.self) else { throw RequestError.target }
        return text
    }

    private static func decode(_ target: Span<UInt8>, _ range: Range<Int>) throws(RequestError) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            var byte = target[index]
            index += 1
            if byte == Octet.percent {
                guard index + 2 <= range.upperBound, let high = Hex.value(of: target[index]),
                    let low = Hex.value(of: target[index + 1])
                else { throw RequestError.target }
                byte = high << 4 | low
                index += 2
            }
            guard byte >= 0x20, byte != 0x7f else { throw RequestError.target }
            out.append(byte)
        }
        return out
    }
}
