/// A request's body as a back-pressured sequence of chunks: the server reads from the client only as this is read.
///
/// Reading throws `HTTPError` (408 when the body stops arriving, 400 when its framing is broken) and `ClientGone`.
public struct RequestBody: AsyncSequence, Sendable {
    /// A chunk of the body, of at most 256 KiB.
    public typealias Element = [UInt8]

    /// The declared length in bytes; nil when the body is chunked.
    public let contentLength: Int64?
    let source: Source

    enum Source: Sendable {
        case bytes([UInt8])
        case pipe(BodyPipe)
    }

    init(contentLength: Int64?, pipe: BodyPipe) {
        self.contentLength = contentLength
        self.source = .pipe(pipe)
    }

    /// A body from memory, as tests give it.
    public init(bytes: [UInt8]) {
        self.contentLength = Int64(bytes.count)
        self.source = .bytes(bytes)
    }

    /// No body.
    public static var empty: RequestBody { RequestBody(bytes: []) }

    /// Reads the chunks in order.
    public func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    /// The whole body.
    ///
    /// - Throws: `HTTPError` 413 when it is longer than `limit` bytes; a declared length is refused before any of it is
    ///   read. Else what reading throws.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        if let contentLength, contentLength > Int64(limit) { throw HTTPError.tooLarge(limit: Int64(limit)) }
        var whole: [UInt8] = []
        for try await chunk in self {
            guard chunk.count <= limit - whole.count else { throw HTTPError.tooLarge(limit: Int64(limit)) }
            if whole.isEmpty { whole = chunk } else { whole.append(contentsOf: chunk) }
        }
        return whole
    }

    /// Takes one chunk after the other.
    public struct Iterator: AsyncIteratorProtocol {
        var source: Source

        /// The next chunk, nil at the end.
        public mutating func next() async throws -> [UInt8]? {
            switch source {
            case .pipe(let pipe): return try await pipe.next()
            case .bytes(let bytes):
                source = .bytes([])
                return bytes.isEmpty ? nil : bytes
            }
        }
    }
}
