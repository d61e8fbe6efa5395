/// Finds a multipart delimiter in large chunks: Horspool's skips, so that most bytes are never looked at.
struct BoundarySearch: Sendable {
    /// What is searched for: CRLF, two hyphens and the boundary.
    let needle: [UInt8]
    private let skips: [Int]

    init(_ boundary: MultipartBoundary) {
        let needle = [Octet.carriageReturn, Octet.lineFeed] + Array("--".utf8) + boundary.bytes
        var skips = [Int](repeating: needle.count, count: 256)
        for (index, byte) in needle.dropLast().enumerated() { skips[Int(byte)] = needle.count - 1 - index }
        self.needle = needle
        self.skips = skips
    }

    /// The position of the first whole delimiter at or after `start`.
    func first(in haystack: Span<UInt8>, from start: Int) -> Int? {
        let needle = needle.span
        let skips = skips.span
        let last = needle.count - 1
        let tail = needle[last]
        var end = start + last
        while end < haystack.count {
            let byte = haystack[end]
            // Compared from its CRLF on, which occurs nowhere else in it: no bytes are compared twice.
            if byte == tail, matches(haystack, at: end - last, needle, count: last) { return end - last }
            end += skips[Int(byte)]
        }
        return nil
    }

    /// Where at or after `start` the bytes up to the end might be the beginning of a delimiter; the end if nowhere.
    func partial(in haystack: Span<UInt8>, from start: Int) -> Int {
        let needle = needle.span
        var position = max(start, haystack.count - needle.count + 1)
        while position < haystack.count {
            if matches(haystack, at: position, needle, count: haystack.count - position) { return position }
            position += 1
        }
        return haystack.count
    }

    private func matches(_ haystack: Span<UInt8>, at position: Int, _ needle: Span<UInt8>, count: Int) -> Bool {
        var index = 0
        while index < count {
            if haystack[position + index] != needle[index] { return false }
            index += 1
        }
        return true
    }
}
