import ByteCoding
import Metainfo

/// Cuts what a peer sends into messages. A length prefix is checked, with the kind of the message as soon as that has
/// come, before anything is kept for it: at most one message within the limits and the chunk last pushed are held.
///
/// Either chunks are pushed and messages taken with `next()`, or chunks are read where they lie with `next(in:at:)`,
/// which keeps only the message that a chunk cuts off. The two are not to be mixed.
public struct PeerMessageFraming: Sendable {
    /// How long messages may be; may be changed once the number of pieces is known.
    public var limits: PeerMessageLimits
    private var bytes: [UInt8] = []
    /// Where the next message begins.
    private var start = 0
    private var failure: PeerWireError?

    /// How much memory, in bytes, a connection keeps between messages.
    private static let keptCapacity = 32 << 10
    /// What stands before the data of a block, without the length prefix.
    private static let blockHead = 9

    /// A framing before the first byte behind the handshake.
    public init(limits: PeerMessageLimits = .default) { self.limits = limits }

    /// How many bytes have come that are not yet part of a message handed out.
    public var pendingByteCount: Int { bytes.count - start }

    // MARK: Chunks that are pushed

    /// Takes bytes that have come. Call `next` until it returns nil before pushing more.
    public mutating func push(_ chunk: some Collection<UInt8>) {
        guard failure == nil else { return }
        dropFinished()
        bytes.append(contentsOf: chunk)
    }

    /// Takes bytes that have come, from memory.
    public mutating func push(_ chunk: RawSpan) {
        guard failure == nil else { return }
        dropFinished()
        append(chunk)
    }

    /// The next message; nil when more bytes are needed. After an error every call throws it again, and nothing is
    /// kept.
    public mutating func next() throws(PeerWireError) -> PeerMessage? {
        try failing { framing throws(PeerWireError) in
            guard let body = try framing.heldBody() else { return nil }
            framing.start = body.upperBound
            return try PeerMessage(decoding: framing.bytes[body], limits: framing.limits)
        }
    }

    // MARK: Chunks that are read where they lie

    /// The next message in a chunk, from `position` on, which moves behind it; nil when the chunk is used up.
    /// To be called with the same chunk until then. After an error every call throws it again.
    public mutating func next(in chunk: RawSpan, at position: inout Int) throws(PeerWireError) -> PeerFrame? {
        if let failure { throw failure }
        do throws(PeerWireError) {
            return try frame(in: chunk, at: &position)
        } catch {
            fail(error)
            throw error
        }
    }

    /// Lends the data of the block that the last call of `next(in:at:)` returned as held.
    public func withHeldBlock<Result>(_ body: (RawSpan) -> Result) -> Result {
        // Bytes have no padding, the one thing that makes the raw view of a span unsafe.
        let span = unsafe bytes.span.bytes
        return body(span.extracting(droppingFirst: min(span.byteCount, 4 + Self.blockHead)))
    }

    private mutating func frame(in chunk: RawSpan, at position: inout Int) throws(PeerWireError) -> PeerFrame? {
        if start > 0 { dropFinished() }
        if bytes.isEmpty {
            let rest = chunk.extracting(position..<chunk.byteCount)
            guard let body = try Self.body(in: rest, limits: limits) else {
                position = chunk.byteCount
                append(rest)
                return nil
            }
            defer { position += body.upperBound }
            return try Self.frame(rest.extracting(body), at: position + body.lowerBound, limits: limits)
        }
        while true {
            // Bytes have no padding, the one thing that makes the raw view of a span unsafe.
            if let body = try Self.body(in: unsafe bytes.span.bytes, limits: limits) {
                start = body.upperBound
                let frame = try Self.frame(
                    unsafe bytes.span.bytes.extracting(body), at: body.lowerBound, limits: limits)
                guard case .block(let piece, let begin, let data) = frame else { return frame }
                return .heldBlock(piece: piece, begin: begin, length: data.count)
            }
            guard position < chunk.byteCount else { return nil }
            let taken = min(Self.missing(in: unsafe bytes.span.bytes), chunk.byteCount - position)
            append(chunk.extracting(position..<position + taken))
            position += taken
        }
    }

    /// A message whose body is whole; `place` is where the body begins in its chunk.
    private static func frame(
        _ body: RawSpan, at place: Int, limits: PeerMessageLimits
    ) throws(PeerWireError) -> PeerFrame {
        var reader = ByteReader(body)
        guard body.byteCount >= blockHead, (try? reader.read(UInt8.self)) == 7,
            let piece = try? reader.read(UInt32.self), let begin = try? reader.read(UInt32.self)
        else { return .message(try PeerMessage(decoding: body, limits: limits)) }
        return .block(piece: PieceIndex(piece), begin: begin, data: place + blockHead..<place + body.byteCount)
    }

    /// How many bytes a message that has begun still needs before it is looked at again, at least 1.
    private static func missing(in held: RawSpan) -> Int {
        var reader = ByteReader(held)
        guard held.byteCount >= 5, let length = try? reader.read(UInt32.self) else { return max(1, 5 - held.byteCount) }
        return max(1, 4 + Int(length) - held.byteCount)
    }

    // MARK: Both

    /// Where the body of the first message lies when it has come whole; nil when more bytes are needed.
    private static func body(in span: RawSpan, limits: PeerMessageLimits) throws(PeerWireError) -> Range<Int>? {
        var reader = ByteReader(span)
        guard let length = try? reader.read(UInt32.self) else { return nil }
        guard length <= UInt32(clamping: limits.longest) else { throw .tooLong(length: length) }
        guard length > 0 else { return 4..<4 }
        guard let id = try? reader.read(UInt8.self) else { return nil }
        let allowed = limits.lengths(ofKind: id)
        guard Int(length) <= allowed.upperBound else { throw .tooLong(length: length) }
        guard Int(length) >= allowed.lowerBound else { throw .wrongLength(id: id, length: Int(length)) }
        guard span.byteCount - 4 >= Int(length) else { return nil }
        return 4..<4 + Int(length)
    }

    private func heldBody() throws(PeerWireError) -> Range<Int>? {
        let rest = unsafe bytes.span.bytes.extracting(droppingFirst: start)
        guard let body = try Self.body(in: rest, limits: limits) else { return nil }
        return start + body.lowerBound..<start + body.upperBound
    }

    private mutating func failing<Result>(
        _ work: (inout PeerMessageFraming) throws(PeerWireError) -> Result?
    ) throws(PeerWireError) -> Result? {
        if let failure { throw failure }
        do throws(PeerWireError) {
            return try work(&self)
        } catch {
            fail(error)
            throw error
        }
    }

    private mutating func fail(_ error: PeerWireError) {
        failure = error
        bytes = []
        start = 0
    }

    private mutating func append(_ chunk: RawSpan) {
        unsafe chunk.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    /// Drops the messages handed out, and the memory of an unusually long one with them.
    private mutating func dropFinished() {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
        } else {
            bytes.removeFirst(start)
        }
        start = 0
    }
}
