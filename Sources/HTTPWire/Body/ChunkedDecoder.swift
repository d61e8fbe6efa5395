import ByteCoding

/// The chunked coding (RFC 9112, 7.1), strict: CRLF only, no blanks, extensions checked and dropped, trailers dropped.
struct ChunkedDecoder: Sendable {
    private enum State: Sendable {
        case sizeLine
        case data(Int64)
        case dataEnd
        case trailer
        case finished
    }

    private let limits: RequestLimits
    private var state = State.sizeLine
    private var extensionBytes = 0
    private var trailerBytes = 0

    init(limits: RequestLimits) {
        self.limits = limits
    }

    /// Consumes whole lines up to and including the next data.
    mutating func decode(_ input: Span<UInt8>) throws(RequestError) -> BodyDecoder.Step {
        var start = 0
        while true {
            switch state {
            case .finished:
                return BodyDecoder.Step(consumed: start, isFinished: true)
            case .data(let left):
                guard start < input.count else { return BodyDecoder.Step(consumed: start) }
                let taken = Int(min(Int64(input.count - start), left))
                state = left == Int64(taken) ? .dataEnd : .data(left - Int64(taken))
                return BodyDecoder.Step(consumed: start + taken, data: start..<(start + taken))
            case .dataEnd:
                guard try takeDataEnd(input, &start) else { return BodyDecoder.Step(consumed: start) }
            case .sizeLine, .trailer:
                guard let line = try line(input, from: start) else { return BodyDecoder.Step(consumed: start) }
                start = line.upperBound + 2
                try take(line, of: input)
            }
        }
    }

    private mutating func takeDataEnd(_ input: Span<UInt8>, _ start: inout Int) throws(RequestError) -> Bool {
        guard start < input.count else { return false }
        guard input[start] == Octet.carriageReturn else { throw RequestError.chunk }
        guard start + 1 < input.count else { return false }
        guard input[start + 1] == Octet.lineFeed else { throw RequestError.chunk }
        start += 2
        state = .sizeLine
        return true
    }

    /// The next whole line without its CRLF; nil when it is not there yet.
    private func line(_ input: Span<UInt8>, from start: Int) throws(RequestError) -> Range<Int>? {
        let limit = if case .trailer = state { limits.trailerBytes } else { limits.chunkLine }
        // Only so many bytes are searched, so that a long line costs no more than its limit.
        let window = min(input.count, start + limit + 2)
        guard let feed = input.extracting(0..<window).firstIndex(of: Octet.lineFeed, from: start) else {
            // One byte over may be the CR.
            if input.count - start > limit + 1 { throw RequestError.chunk }
            return nil
        }
        guard feed > start, input[feed - 1] == Octet.carriageReturn else { throw RequestError.chunk }
        return start..<(feed - 1)
    }

    private mutating func take(_ line: Range<Int>, of input: Span<UInt8>) throws(RequestError) {
        if case .sizeLine = state {
            let size = try takeSize(line, of: input)
            state = size > 0 ? .data(size) : .trailer
        } else if line.isEmpty {
            state = .finished
        } else {
            try takeTrailer(line, of: input)
        }
    }

    private mutating func takeSize(_ line: Range<Int>, of input: Span<UInt8>) throws(RequestError) -> Int64 {
        var index = line.lowerBound
        var size: Int64 = 0
        while index < line.upperBound, let digit = Hex.value(of: input[index]) {
            // Fifteen digits hold any size that could ever be sent, and cannot overflow.
            guard index - line.lowerBound < 15 else { throw RequestError.chunk }
            size = size << 4 | Int64(digit)
            index += 1
        }
        guard index > line.lowerBound else { throw RequestError.chunk }
        if index < line.upperBound {
            extensionBytes += line.upperBound - index
            guard extensionBytes <= limits.chunkExtensions else { throw RequestError.chunk }
            try ChunkExtensions.check(index..<line.upperBound, of: input)
        }
        return size
    }

    /// Trailers are checked as header lines are, and dropped: none is ever merged into the headers.
    private mutating func takeTrailer(_ line: Range<Int>, of input: Span<UInt8>) throws(RequestError) {
        trailerBytes += line.count + 2
        guard trailerBytes <= limits.trailerBytes,
            let colon = input.firstIndex(of: Octet.colon, from: line.lowerBound), colon > line.lowerBound,
            colon < line.upperBound
        else { throw RequestError.chunk }
        for index in line.lowerBound..<colon where !Octet.isToken(input[index]) { throw RequestError.chunk }
        for index in colon..<line.upperBound where !Octet.isFieldContent(input[index]) { throw RequestError.chunk }
    }
}
