import ByteCoding
import Foundation
import Metainfo
import TrackerWire

@testable import TrackerServer

/// A tracker's client over one connected socket; waits a few seconds for an answer, then throws.
final class UDPClient {
    struct Failure: Error {}

    private let descriptor: CInt
    private let family: AddressFamily

    init(to host: String, port: Int) throws {
        let endpoint = Endpoint(address: address(host), port: UInt16(port))
        family = AddressFamily(of: endpoint.address)
        descriptor = socket(family == .ipv4 ? AF_INET : AF_INET6, Int32(SOCK_DGRAM.rawValue), 0)
        let result = SocketAddress.withAddress(endpoint) { Foundation.connect(descriptor, $0, $1) }
        var wait = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        guard descriptor >= 0, result == 0 else { throw Failure() }
    }

    deinit { close(descriptor) }

    func send(_ packet: [UInt8]) throws {
        guard Foundation.send(descriptor, packet, packet.count, 0) == packet.count else { throw Failure() }
    }

    func receive() throws -> UDPResponse {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw Failure() }
        return try UDPResponse.decode(Array(buffer[..<count]).span.bytes, family: family)
    }

    func connect() throws -> UInt64 {
        var packet: [UInt8] = []
        UDPRequest.appendConnect(transactionID: 5, to: &packet)
        try send(packet)
        guard case .connect(5, let id) = try receive() else { throw Failure() }
        return id
    }

    func announcePacket(_ peer: Peer, id: UInt64) -> [UInt8] {
        var packet: [UInt8] = []
        UDPRequest.appendAnnounce(peer.request, connectionID: id, transactionID: 7, to: &packet)
        return packet
    }

    func announce(_ peer: Peer, id: UInt64) throws -> UDPResponse {
        try send(announcePacket(peer, id: id))
        return try receive()
    }
}
