/// Reads a bencoded text (BEP 3) into tokens: one pass, one stack of open containers, no recursion.
struct BencodeTokenizer {
    private struct Open {
        let token: Int
        let isDictionary: Bool
        /// Whether the next value in this dictionary is a key.
        var expectsKey: Bool
        var lastKey: Range<Int>
    }

    private let bytes: [UInt8]
    private let limits: BencodeLimits
    private let strictness: BencodeStrictness
    private var offset = 0
    private var open: [Open] = []
    private(set) var tokens: [BencodeToken] = []

    init(_ bytes: [UInt8], limits: BencodeLimits, strictness: BencodeStrictness) {
        self.bytes = bytes
        self.limits = limits
        self.strictness = strictness
    }

    /// Reads one whole value from the start and returns where it ends.
    mutating func readValue() throws(BencodeError) -> Int {
        guard bytes.count <= min(limits.bytes, Int(UInt32.max)) else { throw .limitExceeded(offset: 0) }
        repeat {
            guard offset < bytes.count else { throw .endOfBytes(offset: offset) }
            if bytes[offset] == UInt8(ascii: "e") { try close() } else { try readToken() }
        } while !open.isEmpty
        return offset
    }

    private mutating func readToken() throws(BencodeError) {
        guard tokens.count < limits.tokens else { throw .limitExceeded(offset: offset) }
        if let last = open.indices.last, open[last].isDictionary {
            if open[last].expectsKey { return try readKey(ofContainerAt: last) }
            open[last].expectsKey = true
        }
        switch bytes[offset] {
        case UInt8(ascii: "i"): try readInteger()
        case UInt8(ascii: "0")...UInt8(ascii: "9"): try readBytes()
        case UInt8(ascii: "l"): try openContainer(.list)
        case UInt8(ascii: "d"): try openContainer(.dictionary)
        default: throw .unexpectedByte(offset: offset)
        }
    }

    private mutating func openContainer(_ kind: BencodeToken.Kind) throws(BencodeError) {
        guard open.count < limits.depth else { throw .limitExceeded(offset: offset) }
        let isDictionary = kind == .dictionary
        open.append(Open(token: tokens.count, isDictionary: isDictionary, expectsKey: isDictionary, lastKey: 0..<0))
        append(kind, headerLength: 1, from: offset, to: offset + 1)
        offset += 1
    }

    private mutating func close() throws(BencodeError) {
        guard let container = open.popLast() else { throw .unexpectedByte(offset: offset) }
        // A key without its value.
        guard !container.isDictionary || container.expectsKey else { throw .unexpectedByte(offset: offset) }
        offset += 1
        tokens[container.token].end = UInt32(offset)
        tokens[container.token].next = UInt32(tokens.count)
    }

    private mutating func readKey(ofContainerAt index: Int) throws(BencodeError) {
        let start = offset
        guard bytes[offset] >= UInt8(ascii: "0"), bytes[offset] <= UInt8(ascii: "9") else {
            throw .unexpectedByte(offset: offset)
        }
        let key = try readBytes()
        let last = open[index].lastKey
        let isFirst = tokens.count - open[index].token == 2
        if strictness == .strict, !isFirst, !bytes[last].lexicographicallyPrecedes(bytes[key]) {
            throw bytes[last] == bytes[key] ? .duplicateKey(offset: start) : .unsortedKey(offset: start)
        }
        open[index].lastKey = key
        open[index].expectsKey = false
    }

    /// Reads `4:spam` and returns where its content lies.
    @discardableResult
    private mutating func readBytes() throws(BencodeError) -> Range<Int> {
        let start = offset
        let length = try readDigits(until: UInt8(ascii: ":"))
        guard length <= UInt64(bytes.count - offset) else { throw .endOfBytes(offset: offset) }
        let content = offset..<offset + Int(length)
        append(.bytes, headerLength: UInt8(truncatingIfNeeded: offset - start), from: start, to: content.upperBound)
        offset = content.upperBound
        return content
    }

    private mutating func readInteger() throws(BencodeError) {
        let start = offset
        offset += 1
        let isNegative = offset < bytes.count && bytes[offset] == UInt8(ascii: "-")
        if isNegative { offset += 1 }
        let magnitude = try readDigits(until: UInt8(ascii: "e"))
        guard !isNegative || magnitude != 0 else { throw .leadingZero(offset: start) }
        guard magnitude <= UInt64(Int64.max) + (isNegative ? 1 : 0) else { throw .numberOutOfRange(offset: start) }
        append(.integer, headerLength: 1, from: start, to: offset)
    }

    /// Reads one or more digits and the byte that ends them.
    private mutating func readDigits(until terminator: UInt8) throws(BencodeError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        while offset < bytes.count, bytes[offset] != terminator {
            let byte = bytes[offset]
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw .unexpectedByte(offset: offset) }
            guard offset == start || bytes[start] != UInt8(ascii: "0") else { throw .leadingZero(offset: start) }
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !overflow, !carry else { throw .numberOutOfRange(offset: start) }
            value = sum
            offset += 1
        }
        guard offset < bytes.count else { throw .endOfBytes(offset: offset) }
        guard offset > start else { throw .unexpectedByte(offset: offset) }
        offset += 1
        return value
    }

    private mutating func append(_ kind: BencodeToken.Kind, headerLength: UInt8, from start: Int, to end: Int) {
        tokens.append(
            BencodeToken(
                kind: kind, headerLength: headerLength, start: UInt32(start), end: UInt32(end),
                next: UInt32(tokens.count + 1)))
    }
}
