import Glibc

/// The places where bytes are handed to the standard library and to libc by pointer.
extension Span<UInt8> {
    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    func text(_ range: Range<Int>) -> String {
        unsafe extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// A copy of the bytes.
    func copy(_ range: Range<Int>) -> [UInt8] {
        unsafe extracting(range).withUnsafeBufferPointer { unsafe [UInt8]($0) }
    }

    /// Appends the bytes to an array.
    func append(_ range: Range<Int>, to out: inout [UInt8]) {
        unsafe extracting(range).withUnsafeBufferPointer { unsafe out.append(contentsOf: $0) }
    }

    /// The position of the first such byte at or after `start`.
    func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        guard start < count else { return nil }
        return unsafe withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let from = unsafe base.advanced(by: start)
            guard let found = unsafe memchr(from, CInt(byte), buffer.count - start) else { return nil }
            return unsafe UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
        }
    }

    /// Whether the bytes are this ASCII text, whatever the case of its letters; `text` is lower-case.
    func equalsIgnoringCase(_ text: StaticString, in range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            let letters = unsafe Span(_unsafeElements: expected)
            for offset in 0..<letters.count where Octet.lowercased(self[range.lowerBound + offset]) != letters[offset] {
                return false
            }
            return true
        }
    }

    /// The range without blanks (SP, HTAB) at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, Octet.isBlank(self[start]) { start += 1 }
        while end > start, Octet.isBlank(self[end - 1]) { end -= 1 }
        return start..<end
    }
}
