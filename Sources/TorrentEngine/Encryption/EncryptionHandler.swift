import Metainfo
import NIOCore

/// Stands between the socket and the conversation with a peer: does the encrypted handshake, then encrypts and decrypts.
/// It goes away by itself when the stream is plain. Lives on one event loop.
///
/// Before the first byte of the conversation it fires the user event `EncryptionEstablished`; a handshake that fails
/// is an `EncryptionFailure` in `errorCaught`, and the channel is closed. What is written before the stream stands
/// waits; when we began the connection, it travels with the handshake.
final class EncryptionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case initiating(EncryptionInitiator)
        case responding(EncryptionResponder)
        case streaming(EncryptedStreams)
        case ended
    }

    /// How long the handshake may take.
    static let timeout: Duration = .seconds(10)

    private var state: State
    private let buffer: CipherBuffer
    private let timeout: Duration
    private var deadline: Scheduled<Void>?
    private var waiting: [(bytes: ByteBuffer, promise: EventLoopPromise<Void>?)] = []

    /// For a connection that we began about the torrent `hash`.
    init(
        initiatorFor hash: InfoHash, policy: EncryptionPolicy, buffer: CipherBuffer = CipherBuffer(),
        timeout: Duration = timeout
    ) {
        state = .initiating(EncryptionInitiator(for: hash, policy: policy))
        self.buffer = buffer
        self.timeout = timeout
    }

    /// For a connection that a peer began. `find` knows the torrent of an obfuscated hash (`ObfuscatedHashes`).
    init(
        responder policy: EncryptionPolicy, buffer: CipherBuffer = CipherBuffer(), timeout: Duration = timeout,
        find: @escaping (InfoHash) -> InfoHash?
    ) {
        state = .responding(EncryptionResponder(policy: policy, find: find))
        self.buffer = buffer
        self.timeout = timeout
    }

    // MARK: Channel events

    func channelActive(context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) {
            self.fail(.timedOut, context)
        }
        if case .initiating(var handshake) = state {
            let steps = handshake.start()
            state = .initiating(handshake)
            perform(steps, context)
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .streaming(let streams): deliver(unwrapInboundIn(data), streams, context)
        case .initiating(var handshake):
            // The copy in `state` would make every change of the buffer copy it.
            state = .ended
            if !handshake.hasAnswered { takeWaiting(into: &handshake) }
            let steps = handshake.receive(unwrapInboundIn(data).readableBytesView)
            state = .initiating(handshake)
            perform(steps, context)
        case .responding(var handshake):
            state = .ended
            let steps = handshake.receive(unwrapInboundIn(data).readableBytesView)
            state = .responding(handshake)
            perform(steps, context)
        case .ended: break
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch state {
        case .streaming(let streams): send(unwrapOutboundIn(data), promise, streams, context)
        case .initiating, .responding: waiting.append((unwrapOutboundIn(data), promise))
        case .ended: promise?.fail(ChannelError.ioOnClosedChannel)
        }
    }

    func flush(context: ChannelHandlerContext) {
        if case .streaming = state { context.flush() }
    }

    // MARK: Handshake

    /// The first bytes that wait become part of the handshake; what is left of them follows when the stream stands.
    private func takeWaiting(into handshake: inout EncryptionInitiator) {
        for index in waiting.indices where handshake.initialPayload.count < EncryptionFormat.payloadLimit {
            let room = EncryptionFormat.payloadLimit - handshake.initialPayload.count
            let count = min(room, waiting[index].bytes.readableBytes)
            handshake.initialPayload += waiting[index].bytes.readBytes(length: count) ?? []
        }
        waiting.removeAll { $0.bytes.readableBytes == 0 && $0.promise == nil }
    }

    private func perform(_ steps: [EncryptionStep], _ context: ChannelHandlerContext) {
        for step in steps {
            switch step {
            case .send(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .established(let streams, let hash, let rest):
                begin(streams, EncryptionEstablished(isEncrypted: streams.encryptsOutgoing, hash: hash), rest, context)
            case .plaintext(let bytes):
                let streams = EncryptedStreams(incoming: nil, outgoing: nil, incomingLimit: nil)
                begin(streams, EncryptionEstablished(isEncrypted: false, hash: nil), bytes, context)
            case .failed(let failure): fail(failure, context)
            }
        }
    }

    private func begin(
        _ streams: EncryptedStreams, _ event: EncryptionEstablished, _ rest: [UInt8], _ context: ChannelHandlerContext
    ) {
        state = .streaming(streams)
        deadline?.cancel()
        deadline = nil
        context.fireUserInboundEventTriggered(event)
        let written = waiting
        waiting = []
        for write in written { send(write.bytes, write.promise, streams, context) }
        if !written.isEmpty { context.flush() }
        if !rest.isEmpty { return deliver(ByteBuffer(bytes: rest), streams, context) }
        leaveWhenPlain(streams, context)
    }

    private func fail(_ failure: EncryptionFailure, _ context: ChannelHandlerContext) {
        guard !isOver else { return }
        end()
        context.fireErrorCaught(failure)
        context.close(promise: nil)
    }

    private var isOver: Bool {
        if case .ended = state { true } else { false }
    }

    /// Wipes the keys and refuses what waits.
    private func end() {
        switch state {
        case .initiating(var handshake): handshake.wipe()
        case .responding(var handshake): handshake.wipe()
        case .streaming(let streams): streams.wipe()
        case .ended: break
        }
        state = .ended
        deadline?.cancel()
        deadline = nil
        let refused = waiting
        waiting = []
        for write in refused { write.promise?.fail(ChannelError.ioOnClosedChannel) }
    }

    // MARK: Stream

    private func deliver(_ bytes: ByteBuffer, _ streams: EncryptedStreams, _ context: ChannelHandlerContext) {
        guard streams.decryptsIncoming else {
            context.fireChannelRead(wrapInboundOut(bytes))
            return leaveWhenPlain(streams, context)
        }
        context.fireChannelRead(wrapInboundOut(buffer.decrypted(bytes, by: streams)))
        leaveWhenPlain(streams, context)
    }

    private func send(
        _ bytes: ByteBuffer, _ promise: EventLoopPromise<Void>?, _ streams: EncryptedStreams,
        _ context: ChannelHandlerContext
    ) {
        guard streams.encryptsOutgoing else { return context.write(wrapOutboundOut(bytes), promise: promise) }
        var bytes = bytes
        var span = bytes.mutableReadableBytesSpan
        streams.encrypt(&span)
        context.write(wrapOutboundOut(bytes), promise: promise)
    }

    private func leaveWhenPlain(_ streams: EncryptedStreams, _ context: ChannelHandlerContext) {
        guard !streams.encryptsOutgoing, !streams.decryptsIncoming, case .streaming = state else { return }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}
