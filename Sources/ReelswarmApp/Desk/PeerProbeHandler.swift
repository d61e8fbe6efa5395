import ByteCoding
import Cryptography
import Metainfo
import NIOCore
import PeerWire

/// One connection of a `PeerProbe`, from the first byte to the answer. Lives on its channel's event loop.
final class PeerProbeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Our number for `ut_metadata`.
    private static let metadataID: UInt8 = 1

    private let hash: InfoHash
    private let wish: PeerProbe.Wish
    private let deadline: NIODeadline
    private let promise: EventLoopPromise<[UInt8]>
    private var head: [UInt8] = []
    private var framing = PeerMessageFraming()
    private var hasShakenHands = false
    private var isFinished = false
    private var timer: Scheduled<Void>?
    private var metadata: [Int: [UInt8]] = [:]
    private var metadataSize = 0

    init(hash: InfoHash, wish: PeerProbe.Wish, deadline: NIODeadline, promise: EventLoopPromise<[UInt8]>) {
        self.hash = hash
        self.wish = wish
        self.deadline = deadline
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = channel.eventLoop.scheduleTask(deadline: deadline) {
            let (handler, context) = bound.value
            handler.finish(.failure(.timedOut(afterHandshake: handler.hasShakenHands)), context)
        }
        var bytes: [UInt8] = []
        PeerHandshake(features: [.extensions, .fast], infoHash: hash, peerID: Self.peerID()).encode(into: &bytes)
        send(bytes, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = Array(buffer: unwrapInboundIn(data))[...]
        guard !isFinished else { return }
        if !hasShakenHands {
            let taken = bytes.prefix(PeerHandshake.byteCount - head.count)
            bytes = bytes.dropFirst(taken.count)
            head += taken
            guard head.count == PeerHandshake.byteCount else { return }
            guard let handshake = try? PeerHandshake(decoding: unsafe head.span.bytes), handshake.infoHash == hash
            else {
                return finish(.failure(.malformed), context)
            }
            hasShakenHands = true
            begin(handshake, context)
        }
        framing.push(bytes)
        do {
            while !isFinished, let message = try framing.next() { take(message, context) }
        } catch {
            finish(.failure(.malformed), context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(hasShakenHands ? .closed : .noHandshake), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failure(hasShakenHands ? .closed : .noHandshake), context)
    }

    /// Asks, as soon as the seeder has shaken hands.
    private func begin(_ handshake: PeerHandshake, _ context: ChannelHandlerContext) {
        if case .block = wish { return send(PeerMessage.interested.encoded(), context) }
        guard handshake.supportsExtensions else { return finish(.failure(.noMetadata), context) }
        let ours = ExtensionHandshake(
            messageIDs: [ExtensionName.metadata: Self.metadataID], client: "Reelswarm connectivity test")
        send(PeerMessage.extended(id: 0, payload: ours.encoded()[...]).encoded(), context)
    }

    private func take(_ message: PeerMessage, _ context: ChannelHandlerContext) {
        switch (message, wish) {
        case (.unchoke, .block(let length)):
            let block = BlockRequest(piece: PieceIndex(0), begin: 0, length: length)
            send(PeerMessage.request(block).encoded(), context)
        case (.piece(let piece, let begin, let data), .block(let length)):
            guard piece == PieceIndex(0), begin == 0, data.count == Int(length) else { return }
            finish(.success(Array(data)), context)
        case (.extended(0, let payload), .metadata): askForMetadata(payload, context)
        case (.extended(Self.metadataID, let payload), .metadata): takeMetadata(payload, context)
        default: break
        }
    }

    private func askForMetadata(_ payload: ArraySlice<UInt8>, _ context: ChannelHandlerContext) {
        guard let theirs = try? ExtensionHandshake(decoding: payload),
            let id = theirs.messageID(of: ExtensionName.metadata), let size = theirs.metadataSize
        else { return finish(.failure(.noMetadata), context) }
        metadataSize = size
        var bytes: [UInt8] = []
        for piece in 0..<(size + MetadataMessage.blockLength - 1) / MetadataMessage.blockLength {
            let request = MetadataMessage.request(piece: piece).encoded()
            bytes += PeerMessage.extended(id: id, payload: request[...]).encoded()
        }
        send(bytes, context)
    }

    private func takeMetadata(_ payload: ArraySlice<UInt8>, _ context: ChannelHandlerContext) {
        guard let message = try? MetadataMessage(decoding: payload) else {
            return finish(.failure(.malformed), context)
        }
        if case .reject = message { return finish(.failure(.noMetadata), context) }
        guard case .data(let piece, let total, let block) = message, total == metadataSize, metadata[piece] == nil
        else { return }
        metadata[piece] = block
        let whole = metadata.sorted { $0.key < $1.key }.flatMap(\.value)
        if whole.count >= metadataSize { finish(.success(whole), context) }
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    }

    private func finish(_ result: Result<[UInt8], PeerProbeError>, _ context: ChannelHandlerContext) {
        guard !isFinished else { return }
        isFinished = true
        timer?.cancel()
        promise.completeWith(result.mapError { $0 })
        context.close(promise: nil)
    }

    /// A name of its own, so that nobody takes the test for the server talking to itself.
    private static func peerID() -> PeerID {
        let bytes = Array("-RS0000-".utf8) + SecureRandom.bytes(12)
        return PeerID(bytes: bytes) ?? peerID()
    }
}
