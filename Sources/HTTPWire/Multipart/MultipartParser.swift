/// Takes a `multipart/form-data` body apart as it arrives (RFC 2046, 5.1; RFC 7578).
///
/// A pure machine: `push` bytes, then call `next` until it wants more. What comes out depends on the bytes alone; only
/// the size of the data pieces follows the pushes.
public struct MultipartParser: Sendable {
    /// What was found next.
    public enum Event: Sendable, Equatable {
        /// A part begins.
        case part(MultipartPart)
        /// Data of that part, never empty.
        case data([UInt8])
        /// The part is complete.
        case partEnd
        /// The last boundary came; what follows is ignored.
        case end
        /// More bytes are needed.
        case needsMore
    }

    private enum State: Sendable {
        case start
        case afterBoundary
        case headers
        case data
        case finished
    }

    private let search: BoundarySearch
    private let limits: MultipartLimits
    private var state = State.start
    private var buffer: [UInt8]
    private var position = 0
    private var parts = 0
    private var blankLines = 0
    private var endsPart = false

    /// A parser for that boundary.
    public init(boundary: MultipartBoundary, limits: MultipartLimits = MultipartLimits()) {
        search = BoundarySearch(boundary)
        self.limits = limits
        // The first boundary has no line before it; this makes it look like all others.
        buffer = [Octet.carriageReturn, Octet.lineFeed]
    }

    /// Whether the last boundary was seen.
    public var isFinished: Bool {
        if case .finished = state { true } else { false }
    }

    /// Gives the parser bytes. An unread remainder is copied; nothing else is.
    public mutating func push(_ bytes: [UInt8]) {
        if isFinished { return }
        if position == buffer.count {
            buffer = bytes
        } else if position == 0 {
            buffer.append(contentsOf: bytes)
        } else {
            buffer = Array(buffer[position...]) + bytes
        }
        position = 0
    }

    /// What comes next.
    ///
    /// - Throws: `MultipartError`, after which the parser is of no more use.
    public mutating func next() throws(MultipartError) -> Event {
        while true {
            if endsPart {
                endsPart = false
                return .partEnd
            }
            switch state {
            case .finished: return .end
            case .start: guard try takeStart() else { return .needsMore }
            case .afterBoundary: guard try takeBoundaryEnd() else { return .needsMore }
            case .headers:
                guard let part = try takeHeaders() else { return .needsMore }
                return .part(part)
            case .data:
                let (data, isWaiting) = try takeData()
                if !data.isEmpty { return .data(data) }
                if isWaiting { return .needsMore }
            }
        }
    }

    /// To be called when the body ended.
    ///
    /// - Throws: `MultipartError.unfinished` without a last boundary.
    public func finish() throws(MultipartError) {
        guard isFinished else { throw .unfinished }
    }

    /// Only empty lines may stand before the first boundary; a preamble is of no use in a form.
    private mutating func takeStart() throws(MultipartError) -> Bool {
        let needle = search.needle
        while true {
            let available = buffer.count - position
            // Enough of an empty line to tell it from the boundary's own CRLF: the next byte is no hyphen.
            guard available > 2 else { return false }
            if buffer[position + 2] == Octet.carriageReturn {
                guard available > 3 else { return false }
                blankLines += 1
                guard buffer[position + 3] == Octet.lineFeed, blankLines <= 8 else { throw .malformed }
                position += 2
                continue
            }
            let seen = min(available, needle.count)
            guard buffer[position..<(position + seen)].elementsEqual(needle[..<seen]) else { throw .malformed }
            guard seen == needle.count else { return false }
            switch boundaryKind(at: position + needle.count) {
            case .undecided: return false
            case .none: throw .malformed
            case .next, .last: break
            }
            position += needle.count
            state = .afterBoundary
            return true
        }
    }

    private enum BoundaryKind {
        case undecided, none, next(length: Int), last
    }

    /// What stands after a boundary: two hyphens, or blanks and CRLF; anything else makes it mere data.
    private func boundaryKind(at start: Int) -> BoundaryKind {
        guard start < buffer.count else { return .undecided }
        if buffer[start] == UInt8(ascii: "-") {
            guard start + 1 < buffer.count else { return .undecided }
            return buffer[start + 1] == UInt8(ascii: "-") ? .last : .none
        }
        var index = start
        while index < buffer.count, index - start < 16, Octet.isBlank(buffer[index]) { index += 1 }
        guard index < buffer.count else { return .undecided }
        guard buffer[index] == Octet.carriageReturn else { return .none }
        guard index + 1 < buffer.count else { return .undecided }
        return buffer[index + 1] == Octet.lineFeed ? .next(length: index + 2 - start) : .none
    }

    private mutating func takeBoundaryEnd() throws(MultipartError) -> Bool {
        switch boundaryKind(at: position) {
        case .undecided: return false
        case .none: throw .malformed
        case .last:
            state = .finished
            buffer = []
            position = 0
        case .next(let length):
            parts += 1
            guard parts <= limits.parts else { throw .tooManyParts }
            position += length
            state = .headers
        }
        return true
    }

    private mutating func takeHeaders() throws(MultipartError) -> MultipartPart? {
        // Two bytes more than the limit: the CRLF of the empty line.
        let window = min(buffer.count, position + limits.headerBytes + 2)
        guard let end = headerEnd(upTo: window) else {
            guard buffer.count - position <= limits.headerBytes + 1 else { throw .headersTooLarge }
            return nil
        }
        let part = try MultipartPart(buffer[position..<end])
        position = end + 2
        state = .data
        return part
    }

    /// Where the empty line begins that ends the headers.
    private func headerEnd(upTo window: Int) -> Int? {
        var line = position
        while let feed = buffer.span.extracting(0..<window).firstIndex(of: Octet.lineFeed, from: line) {
            if feed == line + 1, buffer[line] == Octet.carriageReturn { return line }
            line = feed + 1
        }
        return nil
    }

    /// Data up to the next boundary, or all that is certainly data.
    private mutating func takeData() throws(MultipartError) -> (data: [UInt8], isWaiting: Bool) {
        let start = position
        var from = start
        while let found = search.first(in: buffer.span, from: from) {
            let after = found + search.needle.count
            switch boundaryKind(at: after) {
            case .none:
                from = found + 1
            case .undecided:
                return (take(start..<found), true)
            case .next, .last:
                let data = take(start..<found)
                position = after
                state = .afterBoundary
                endsPart = true
                return (data, false)
            }
        }
        return (take(start..<search.partial(in: buffer.span, from: from)), true)
    }

    /// Moves the position behind the range and returns its bytes: the buffer itself when it is all of it.
    private mutating func take(_ range: Range<Int>) -> [UInt8] {
        position = range.upperBound
        guard range.count == buffer.count else { return Array(buffer[range]) }
        defer {
            buffer = []
            position = 0
        }
        return buffer
    }
}
