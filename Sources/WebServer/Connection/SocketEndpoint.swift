import ByteCoding
import NIOCore

/// Socket addresses as endpoints.
enum SocketEndpoint {
    static func endpoint(_ address: SocketAddress) -> Endpoint? {
        guard let text = address.ipAddress, let port = address.port.flatMap(UInt16.init(exactly:)) else { return nil }
        // A link-local address carries its zone after a percent sign.
        let bare = text.prefix { $0 != "%" }
        return IPAddress(String(bare)).map { Endpoint(address: $0, port: port) }
    }
}
