/// Reads request heads from bytes that arrive in any pieces.
///
/// A pure machine: each call takes the unread bytes, consumes the whole lines among them, and returns the head once its
/// empty line came. The outcome depends on the bytes alone, never on how they were split.
public struct RequestHeadParser: Sendable {
    /// What one call did.
    public struct Step: Sendable {
        /// How many bytes were consumed; the rest belongs in front of what arrives next.
        public var consumed: Int
        /// The finished head.
        public var head: RequestHead?
    }

    private let limits: RequestLimits
    private var partial: PartialHead?
    private var headerBytes = 0
    private var blankLines = 0
    /// How many of the unconsumed bytes are known to hold no line feed.
    private var scanned = 0

    /// A parser with those limits.
    public init(limits: RequestLimits = RequestLimits()) {
        self.limits = limits
    }

    /// Whether the first byte of a request has been consumed but not its last.
    public var isInsideHead: Bool { partial != nil }

    /// Consumes what it can of the unread bytes.
    ///
    /// - Throws: `RequestError`, after which the connection is of no more use.
    public mutating func parse(_ input: Span<UInt8>) throws(RequestError) -> Step {
        var start = 0
        while true {
            try checkFirst(input, at: start)
            guard let feed = input.firstIndex(of: Octet.lineFeed, from: start + scanned) else {
                scanned = input.count - start
                try checkUnfinished(input, from: start)
                return Step(consumed: start, head: nil)
            }
            scanned = 0
            guard feed > start, input[feed - 1] == Octet.carriageReturn else { throw RequestError.lineEnd }
            let line = start..<(feed - 1)
            start = feed + 1
            if let head = try take(line, of: input) { return Step(consumed: start, head: head) }
        }
    }

    /// Refuses other protocols by their first byte.
    private func checkFirst(_ input: Span<UInt8>, at start: Int) throws(RequestError) {
        guard partial == nil, start < input.count else { return }
        guard Octet.isToken(input[start]) || input[start] == Octet.carriageReturn else {
            throw RequestError.requestLine
        }
    }

    /// Refuses early what cannot become a line within its limit.
    private func checkUnfinished(_ input: Span<UInt8>, from start: Int) throws(RequestError) {
        let count = input.count - start
        guard count > 0 else { return }
        if partial != nil {
            // A lone CR is the beginning of the empty line, which does not count.
            let counted = input[start] == Octet.carriageReturn ? count - 1 : count
            if headerBytes + counted > limits.headerBytes { throw RequestError.headersTooLarge }
            return
        }
        // One byte over is the CR of a line that is just as long as it may be.
        if count > limits.requestLine + 1 { throw RequestError.lineTooLong }
    }

    private mutating func take(_ line: Range<Int>, of input: Span<UInt8>) throws(RequestError) -> RequestHead? {
        guard partial != nil else {
            try takeFirst(line, of: input)
            return nil
        }
        if line.isEmpty { return try finish() }
        headerBytes += line.count + 2
        guard headerBytes <= limits.headerBytes, (partial?.fields.count ?? 0) < limits.headerCount else {
            throw RequestError.headersTooLarge
        }
        try partial?.takeField(line, of: input)
        return nil
    }

    private mutating func takeFirst(_ line: Range<Int>, of input: Span<UInt8>) throws(RequestError) {
        if line.isEmpty {
            // RFC 9112, 2.2: empty lines before a request line are ignored, but not without end.
            blankLines += 1
            guard blankLines <= 4 else { throw RequestError.requestLine }
            return
        }
        guard line.count <= limits.requestLine else { throw RequestError.lineTooLong }
        blankLines = 0
        partial = try PartialHead(line, of: input)
    }

    private mutating func finish() throws(RequestError) -> RequestHead? {
        headerBytes = 0
        defer { partial = nil }
        return try partial?.finished()
    }
}
