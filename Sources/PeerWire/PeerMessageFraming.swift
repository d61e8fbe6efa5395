import ByteCoding

/// Cuts what a peer sends into messages. A length prefix is checked, with the kind of the message as soon as that has
/// come, before anything is kept for it: at most one message within the limits and the chunk last pushed are held.
public struct PeerMessageFraming: Sendable {
    /// How long messages may be; may be changed once the number of pieces is known.
    public var limits: PeerMessageLimits
    private var bytes: [UInt8] = []
    /// Where the next message begins.
    private var start = 0
    private var failure: PeerWireError?

    /// How much memory, in bytes, a connection keeps between messages.
    private static let keptCapacity = 32 << 10

    /// A framing before the first byte behind the handshake.
    public init(limits: PeerMessageLimits = .default) { self.limits = limits }

    /// How many bytes have come that are not yet part of a message handed out.
    public var pendingByteCount: Int { bytes.count - start }

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
        var reader = ByteReader(chunk)
        bytes += reader.readRemaining()
    }

    /// The next message; nil when more bytes are needed. After an error every call throws it again, and nothing is
    /// kept.
    public mutating func next() throws(PeerWireError) -> PeerMessage? {
        if let failure { throw failure }
        do throws(PeerWireError) {
            guard let body = try body() else { return nil }
            start = body.upperBound
            return try PeerMessage(decoding: bytes[body], limits: limits)
        } catch {
            failure = error
            bytes = []
            start = 0
            throw error
        }
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

    /// Where the next message lies when it has come whole.
    private func body() throws(PeerWireError) -> Range<Int>? {
        guard pendingByteCount >= 4 else { return nil }
        let length = bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard length <= UInt32(clamping: limits.longest) else { throw .tooLong(length: length) }
        guard length > 0, pendingByteCount > 4 else { return length == 0 ? start + 4..<start + 4 : nil }
        let id = bytes[start + 4]
        let allowed = limits.lengths(ofKind: id)
        guard Int(length) <= allowed.upperBound else { throw .tooLong(length: length) }
        guard Int(length) >= allowed.lowerBound else { throw .wrongLength(id: id, length: Int(length)) }
        guard pendingByteCount - 4 >= Int(length) else { return nil }
        return start + 4..<start + 4 + Int(length)
    }
}
