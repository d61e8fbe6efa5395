import ByteCoding
import NIOCore

/// Socket addresses as endpoints.
enum SocketEndpoint {
    /// Nil for addresses that are not IP. Read as the kernel wrote it: family, port, then the address.
    static func endpoint(_ address: SocketAddress) -> Endpoint? {
        unsafe address.withSockAddr { pointer, length in
            let bytes = unsafe UnsafeRawBufferPointer(start: pointer, count: length)
            guard bytes.count >= 16 else { return nil }
            let port = UInt16(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
            switch address {
            case .v4:
                let bits = UInt32(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
                return Endpoint(address: IPAddress(v4: bits), port: port)
            case .v6 where bytes.count >= 24:
                let high = UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                let low = UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
                return Endpoint(address: IPAddress(high: high, low: low), port: port)
            default: return nil
            }
        }
    }
}
