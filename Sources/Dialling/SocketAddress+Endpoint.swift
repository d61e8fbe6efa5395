public import ByteCoding
public import NIOCore

extension SocketAddress {
    /// The same address and port for the socket layer.
    public init(_ endpoint: Endpoint) throws {
        var bytes: [UInt8] = []
        endpoint.address.append(to: &bytes)
        try self.init(packedIPAddress: ByteBuffer(bytes: bytes), port: Int(endpoint.port))
    }

    /// The address and port, or nil for a Unix socket.
    public var endpoint: Endpoint? {
        guard let port = self.port.flatMap(UInt16.init(exactly:)) else { return nil }
        // A link-local address may carry its interface (`fe80::1%eth0`), which is no part of the address.
        let text = ipAddress.map { String($0.prefix { $0 != "%" }) }
        guard let address = text.flatMap(IPAddress.init) else { return nil }
        return Endpoint(address: address, port: port)
    }
}
