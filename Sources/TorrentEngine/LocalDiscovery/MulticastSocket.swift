import ByteCoding
import Dialling
import NIOCore
import NIOPosix

/// A UDP socket that is a member of one multicast group.
final class MulticastSocket: Sendable {
    /// What is called with the bytes and the source of each datagram.
    typealias Receiver = @Sendable (_ bytes: [UInt8], _ source: IPAddress) -> Void

    /// The group with its port.
    let group: Endpoint
    private let channel: any Channel

    /// Joins a group. Throws the system's error where there is no multicast.
    init(group: Endpoint, interface: IPAddress?, receive: @escaping Receiver) async throws {
        let isIPv4 = group.address.isIPv4
        var bootstrap = DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            // Several clients of one machine listen at the same port.
            .channelOption(.socketOption(.so_reuseaddr), value: 1)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 2_048))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(MulticastHandler(receive: receive))
                }
            }
        if !isIPv4 {
            bootstrap = bootstrap.channelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 1)
        }
        let channel = try await bootstrap.bind(host: isIPv4 ? "0.0.0.0" : "::", port: Int(group.port)).get()
        do {
            guard group.address.isMulticast, let options = channel as? any SocketOptionProvider else {
                throw ChannelError.operationUnsupported
            }
            let own = interface.flatMap { $0.isIPv4 == isIPv4 ? $0 : nil }
            if let bits = group.address.v4Bits {
                try await Self.join(v4: bits, interface: own?.v4Bits, options)
            } else {
                try await Self.join(v6: group.address, index: try own.map(Self.index), options)
            }
        } catch {
            try? await channel.close()
            throw error
        }
        self.channel = channel
        let port = channel.localAddress?.port.flatMap(UInt16.init(exactly:)) ?? group.port
        self.group = Endpoint(address: group.address, port: port)
    }

    /// Sends to the group. False when the system did not; what it sent may be lost all the same.
    @discardableResult
    func send(_ bytes: [UInt8]) async -> Bool {
        guard let target = try? SocketAddress(group) else { return false }
        let data = channel.allocator.buffer(bytes: bytes)
        do {
            try await channel.writeAndFlush(AddressedEnvelope(remoteAddress: target, data: data))
            return true
        } catch {
            return false
        }
    }

    /// Leaves the group.
    func close() async { try? await channel.close() }

    /// Set by hand, since NIO joins on no interface that does not call itself fit for multicast, as loopback does not.
    private static func join(v4 group: UInt32, interface: UInt32?, _ options: any SocketOptionProvider) async throws {
        let request = MembershipV4(group: group.bigEndian, interface: (interface ?? 0).bigEndian)
        try await options.unsafeSetSocketOption(level: .ip, name: .ip_add_membership, value: request).get()
        guard interface != nil else { return }
        let source = request.interface
        try await options.unsafeSetSocketOption(level: .ip, name: .ip_multicast_if, value: source).get()
    }

    private static func join(v6 group: IPAddress, index: Int?, _ options: any SocketOptionProvider) async throws {
        let (high, low) = group.v6Halves
        let request = MembershipV6(
            group: (
                UInt32(truncatingIfNeeded: high >> 32).bigEndian, UInt32(truncatingIfNeeded: high).bigEndian,
                UInt32(truncatingIfNeeded: low >> 32).bigEndian, UInt32(truncatingIfNeeded: low).bigEndian
            ), interface: UInt32(truncatingIfNeeded: index ?? 0))
        try await options.unsafeSetSocketOption(level: .ipv6, name: .ipv6_join_group, value: request).get()
        guard index != nil else { return }
        let source = request.interface
        try await options.unsafeSetSocketOption(level: .ipv6, name: .ipv6_multicast_if, value: source).get()
    }

    /// The number of the interface that has an address.
    private static func index(of interface: IPAddress) throws -> Int {
        for device in try System.enumerateDevices() {
            guard var address = device.address else { continue }
            address.port = 0
            if address.endpoint?.address == interface { return device.interfaceIndex }
        }
        throw ChannelError.operationUnsupported
    }
}

/// The bytes of `struct ip_mreq`, in network order.
private struct MembershipV4: Sendable {
    let group: UInt32
    let interface: UInt32
}

/// The bytes of `struct ipv6_mreq`: a group in network order and the number of an interface, 0 for any.
private struct MembershipV6: Sendable {
    let group: (UInt32, UInt32, UInt32, UInt32)
    let interface: UInt32
}

extension IPAddress {
    /// Whether it is the address of a group: 224.0.0.0/4 or ff00::/8.
    fileprivate var isMulticast: Bool { v4Bits.map { $0 >> 28 == 0xe } ?? (v6Halves.high >> 56 == 0xff) }
}

/// Hands each datagram on as plain bytes.
private final class MulticastHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    private let receive: MulticastSocket.Receiver

    init(receive: @escaping MulticastSocket.Receiver) { self.receive = receive }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let source = envelope.remoteAddress.endpoint?.address else { return }
        receive(Array(envelope.data.readableBytesView), source)
    }

    /// An error of one datagram says nothing about the next.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
