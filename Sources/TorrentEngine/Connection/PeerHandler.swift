import ByteCoding
import Dialling
import Metainfo
import NIOCore
import PeerWire

/// The thin shell around `PeerConnection`: frames bytes, performs its actions, hands blocks on and writes them.
/// Lives on the engine's event loop.
final class PeerHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Who connected to whom.
    enum Origin: Equatable, Sendable {
        case incoming
        /// We dialled this peer.
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
    /// What the encrypted handshake was about; nil for a plain one.
    private(set) var encryption: EncryptionEstablished?

    private var handshakeReader = HandshakeReader()
    var framing = PeerMessageFraming()
    /// Encoded messages that go out with the next flush.
    private var outbox: [UInt8] = []
    var wantsSlots = false
    var wantsMetadata = false
    private(set) var isReadHeld = false
    private var toldFacts: OurExtensions.Facts?

    var serving = ServingState()
    var taking: TakingState
    var exchange = ExchangeMeter()
    /// Its hash requests (BEP 52).
    var hashes: HashServer?
    /// It may be asked for hashes (BEP 52).
    var isVersion2 = false
    var supportsDHT = false

    init(number: PeerNumber, origin: Origin, core: EngineCore) {
        self.number = number
        self.origin = origin
        self.core = core
        let now = ContinuousClock.now
        openedAt = now
        taking = TakingState(now: now)
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

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let established = event as? EncryptionEstablished { encryption = established }
        context.fireUserInboundEventTriggered(event)
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
        torrent?.download?.settle()
        answerMetadata()
        flush()
        serve()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        readOn()
        answerMetadata()
        flush()
        serve()
    }

    func read(context: ChannelHandlerContext) {
        if mayRead(context) { context.read() } else { isReadHeld = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close(error is EncryptionFailure ? .encryptionFailed : .connectionLost)
    }

    /// Not while the peer does not take what it is sent, nor while its torrent has taken more than it may.
    private func mayRead(_ context: ChannelHandlerContext) -> Bool {
        context.channel.isWritable && torrent?.download?.holdsReads != true
    }

    /// Reads on when nothing holds it up any more.
    func readOn() {
        guard isReadHeld, let context, mayRead(context) else { return }
        isReadHeld = false
        context.read()
    }

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
        self.connection = connection
        self.torrent = torrent
        setMessageLimits()
        serving.batchBytes = connection.limits.batchBytes
        if let answer { send(handshake: answer) }
        perform(connection.opening())
    }

    /// A torrent that is not downloaded takes no blocks, so their messages are too long whatever they hold.
    func setMessageLimits() {
        guard let connection else { return }
        let blockBytes = connection.isTrading && connection.layout != nil ? PieceScheduler.blockLength : 0
        let extensionBytes = connection.limits.messageLength
        framing.limits =
            connection.layout.map {
                PeerMessageLimits(pieceCount: $0.pieceCount, blockBytes: blockBytes, extensionBytes: extensionBytes)
            } ?? PeerMessageLimits(blockBytes: 0, extensionBytes: extensionBytes)
    }

    private func send(handshake: PeerHandshake) { handshake.encode(into: &outbox) }

    /// Sent as soon as the size of the metadata is known or known to be out of reach, and again when something of it has
    /// changed (BEP 10 lets it come after the bitfield, and more than once).
    func sendExtensionHandshake() {
        guard let torrent, let remote, let connection, connection.isExtended, !torrent.isInfoPending else { return }
        let facts = torrent.extensionFacts
        guard facts != toldFacts else { return }
        toldFacts = facts
        let message = OurExtensions.handshake(
            facts, clientName: core.identity.clientName, port: origin == .incoming ? nil : core.identity.port,
            requestQueue: connection.limits.queuedRequests, yourAddress: remote.address)
        send(message)
    }

    // MARK: Out

    /// Puts a message into the outbox.
    func send(_ message: PeerMessage) {
        guard closing == nil else { return }
        if core.isLogging { core.log(self, .sent, message.words) }
        message.encode(into: &outbox)
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
