/// Finds a body's data among the bytes that arrive: of fixed length, or chunked.
public struct BodyDecoder: Sendable {
    /// What one call found. Ranges are positions in the input of that call.
    public struct Step: Sendable, Equatable {
        /// How many bytes were consumed, the data included.
        public var consumed = 0
        /// Where the body's next data is; empty when there is none in the input.
        public var data = 0..<0
        /// Whether the body is complete.
        public var isFinished = false
    }

    private enum State: Sendable {
        case remaining(Int64)
        case chunked(ChunkedDecoder)
    }

    private var state: State

    /// A decoder for that framing.
    public init(_ framing: BodyFraming, limits: RequestLimits = RequestLimits()) {
        switch framing {
        case .none: state = .remaining(0)
        case .length(let length): state = .remaining(max(0, length))
        case .chunked: state = .chunked(ChunkedDecoder(limits: limits))
        }
    }

    /// How many bytes of the body are still to come; nil when that is not known (chunked).
    public var remaining: Int64? {
        if case .remaining(let count) = state { count } else { nil }
    }

    /// Finds the next data. To be called until a step consumes nothing, or is the last one.
    ///
    /// - Throws: `RequestError` when the chunks are malformed.
    public mutating func decode(_ input: Span<UInt8>) throws(RequestError) -> Step {
        switch state {
        case .remaining(let count):
            let taken = Int(min(Int64(input.count), count))
            state = .remaining(count - Int64(taken))
            return Step(consumed: taken, data: 0..<taken, isFinished: Int64(taken) == count)
        case .chunked(var decoder):
            let step = try decoder.decode(input)
            state = .chunked(decoder)
            return step
        }
    }
}
