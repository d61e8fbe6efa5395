/// `*( ";" name [ "=" ( token / quoted-string ) ] )`, without the blanks that RFC 9112 calls bad.
enum ChunkExtensions {
    static func check(_ range: Range<Int>, of input: Span<UInt8>) throws(RequestError) {
        var index = range.lowerBound
        while index < range.upperBound {
            guard input[index] == Octet.semicolon else { throw RequestError.chunk }
            index = try token(index + 1, range.upperBound, of: input)
            guard index < range.upperBound, input[index] == Octet.equals else { continue }
            index += 1
            let isQuoted = index < range.upperBound && input[index] == Octet.quote
            index =
                try isQuoted
                ? quoted(index + 1, range.upperBound, of: input) : token(index, range.upperBound, of: input)
        }
    }

    private static func token(_ start: Int, _ end: Int, of input: Span<UInt8>) throws(RequestError) -> Int {
        var index = start
        while index < end, Octet.isToken(input[index]) { index += 1 }
        guard index > start else { throw RequestError.chunk }
        return index
    }

    private static func quoted(_ start: Int, _ end: Int, of input: Span<UInt8>) throws(RequestError) -> Int {
        var index = start
        while index < end {
            guard Octet.isFieldContent(input[index]) else { throw RequestError.chunk }
            if input[index] == Octet.quote { return index + 1 }
            index += input[index] == Octet.backslash ? 2 : 1
        }
        throw RequestError.chunk
    }
}
