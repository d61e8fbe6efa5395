import ByteCoding
import Dialling
import Metainfo
import NIOCore
import PeerWire

/// The thin shell around `PeerConnection`: frames bytes, performs its actions, reads blocks and writes them.
/// Lives on the engine's event loop.
final class PeerHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Who connected to whom.
    enum Origin: Equatable, Sendable {
        case incoming
        /// We dialled this leecher.
        case outgoing(LeecherBook.Key)
    }

    let number: PeerNumber
    let origin: Origin
    let core: EngineCore
    /// The other end of the connection; known once it stands.
    private(set) var remote: Endpoint?
    private(set) var openedAt: ContinuousClock.Instant
    /// Nil until the handshakes are done.
    var connection: PeerConnection?
    var torrent: ActiveTorrent?
    var context: ChannelHandlerContext?
    /// Set once, when the connection is to end.
    private(set) var closing: PeerCloseReason?

    private var handshakeReader = HandshakeReader()
    private var framing = PeerMessageFraming()
    /// Encoded messages that go out with the next flush.
    private var outbox: [UInt8] = []
    private var wantsSlots = false
    private var wantsMetadata = false
    private var isReadHeld = false
    private var extensionHandshakeSent = false

    var serving = ServingState()
    var exchange = ExchangeMeter()

    init(number: PeerNumber, origin: Origin, core: EngineCore) {
        self.number = number
        self.origin = origin
        self.core = core
        openedAt = .now
    }

    /// Above the high mark nothing more is read from the peer until it has taken the bytes that wait for it.
    static func waterMark(_ limits: EngineLimits) -> ChannelOptions.Types.WriteBufferWaterMark {
        let high = max(limits.writeBuffer, limits.batchBytes * 2)
        return .init(low: high / 4, high: high)
    }

    // MARK: Channel events

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        openedAt = .now
        remote = context.remoteAddress?.endpoint
        if let refusal = core.connected(self) { return close(refusal) }
        if case .outgoing(let key) = origin {
            send(handshake: core.handshake(for: key.hash))
            flush()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let reason = closing ?? .connectionLost
        closing = reason
        core.disconnected(self, reason: reason)
        self.context = nil
        torrent = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard closing == nil else { return }
        let now = ContinuousClock.now
        var buffer = unwrapInboundIn(data)
        if connection == nil { receiveHandshake(&buffer, now: now) }
        guard closing == nil, connection != nil else { return }
        connection?.lastHeard = now
        receiveMessages(buffer, now: now)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard closing == nil, connection != nil else { return }
        if wantsSlots {
            wantsSlots = false
            torrent?.assignSlots(now: .now)
        }
        answerMetadata()
        flush()
        serve()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        if isReadHeld {
            isReadHeld = false
            context.read()
        }
        answerMetadata()
        flush()
        serve()
    }

    func read(context: ChannelHandlerContext) {
        if context.channel.isWritable { context.read() } else { isReadHeld = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close(.connectionLost) }

    // MARK: Handshake

    private func receiveHandshake(_ buffer: inout ByteBuffer, now: ContinuousClock.Instant) {
        do throws(PeerCloseReason) {
            var bytes = (buffer.readBytes(length: min(buffer.readableBytes, PeerHandshake.byteCount)) ?? [])[...]
            guard let handshake = try handshakeReader.read(from: &bytes) else { return }
            buffer.moveReaderIndex(to: buffer.readerIndex - bytes.count)
            try core.open(self, handshake: handshake, now: now)
        } catch {
            close(error)
        }
    }

    /// The handshakes are done: from now on there are messages.
    func open(_ connection: PeerConnection, torrent: ActiveTorrent, answer: PeerHandshake?) {
        // A seeder takes no blocks, so their messages are too long whatever they hold.
        framing.limits = PeerMessageLimits(
            pieceCount: connection.layout.pieceCount, blockBytes: 0, extensionBytes: connection.limits.messageLength)
        self.connection = connection
        self.torrent = torrent
        serving.batchBytes = connection.limits.batchBytes
        if let answer { send(handshake: answer) }
        perform(connection.opening())
    }

    private func send(handshake: PeerHandshake) { handshake.encode(into: &outbox) }

    /// Sent once, as soon as the size of the metadata is known or known to be out of reach (BEP 10 lets it come after
    /// the bitfield).
    func sendExtensionHandshake() {
        guard let torrent, let remote, let connection, connection.isExtended, !extensionHandshakeSent,
            !torrent.isInfoPending
        else { return }
        extensionHandshakeSent = true
        let message = OurExtensions.handshake(
            metadataSize: torrent.infoBytes?.count, clientName: core.identity.clientName,
            port: origin == .incoming ? nil : core.identity.port, requestQueue: connection.limits.queuedRequests,
            yourAddress: remote.address)
        perform([.send(message)])
    }

    // MARK: Messages and actions

    private func receiveMessages(_ buffer: ByteBuffer, now: ContinuousClock.Instant) {
        framing.push(buffer.readableBytesSpan)
        do throws(PeerWireError) {
            while closing == nil, let message = try framing.next() {
                guard let actions = connection?.receive(message, now: now) else { return }
                if !actions.isEmpty { perform(actions) }
            }
        } catch {
            close(Self.reason(for: error))
        }
    }

    private static func reason(for error: PeerWireError) -> PeerCloseReason {
        if case .tooLong = error { .messageTooLong } else { .malformedMessage }
    }

    func perform(_ actions: [PeerAction]) {
        for action in actions where closing == nil {
            switch action {
            case .send(let message): message.encode(into: &outbox)
            case .close(let reason): close(reason)
            case .interestChanged: wantsSlots = true
            case .metadataRequested: wantsMetadata = true
            }
        }
    }

    /// Answers metadata requests while the peer takes what it is sent; the rest waits.
    func answerMetadata() {
        guard wantsMetadata, let torrent, !torrent.isInfoPending, let context, context.channel.isWritable,
            let actions = connection?.answerMetadata(torrent.infoBytes, room: core.limits.writeBuffer / 4)
        else { return }
        wantsMetadata = connection?.metadataRequests.isEmpty == false
        perform(actions)
    }

    func setUnchoked(_ isOn: Bool, now: ContinuousClock.Instant) {
        guard closing == nil, let isChoked = connection?.isChoked, isChoked == isOn else { return }
        perform((isOn ? connection?.unchoke(now: now) : connection?.choke(now: now)) ?? [])
        flush()
    }

    /// Writes the messages that wait.
    func flush() {
        guard !outbox.isEmpty, let context else { return }
        connection?.lastSent = .now
        var buffer = context.channel.allocator.buffer(capacity: outbox.count)
        buffer.writeBytes(outbox)
        outbox.removeAll(keepingCapacity: outbox.capacity <= 4_096)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Ends the connection after what is in the outbox.
    func close(_ reason: PeerCloseReason) {
        guard closing == nil else { return }
        flush()
        closing = reason
        context?.close(promise: nil)
    }
}
