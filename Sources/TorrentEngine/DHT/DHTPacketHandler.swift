import Dialling
import NIOCore

/// Hands the datagrams of one socket to the node.
final class DHTPacketHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    private let node: DHTLoop

    init(node: DHTLoop) { self.node = node }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let source = envelope.remoteAddress.endpoint else { return }
        node.receive(Array(envelope.data.readableBytesView), from: source)
    }

    /// An error of one datagram (a port that is closed, say) says nothing about the next.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
