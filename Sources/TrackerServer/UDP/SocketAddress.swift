import ByteCoding
import CLinux
import Glibc

/// Socket addresses as the kernel writes them, for both families.
enum SocketAddress {
    /// Room for either family, in bytes.
    static let capacity = MemoryLayout<sockaddr_in6>.size

    /// The endpoint in a socket address; nil for other families and for too few bytes.
    static func endpoint(_ bytes: UnsafeRawBufferPointer) -> Endpoint? {
        guard bytes.count >= MemoryLayout<sockaddr_in>.size else { return nil }
        let family = unsafe bytes.loadUnaligned(as: sa_family_t.self)
        let port = UInt16(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        if family == sa_family_t(AF_INET) {
            let bits = UInt32(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
            return Endpoint(address: IPAddress(v4: bits), port: port)
        }
        guard family == sa_family_t(AF_INET6), bytes.count >= MemoryLayout<sockaddr_in6>.size else { return nil }
        return unsafe Endpoint(address: v6(bytes, at: 8), port: port)
    }

    /// Sixteen bytes at an offset, which the caller has checked, as an address.
    static func v6(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> IPAddress {
        let high = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        let low = unsafe bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
        return IPAddress(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    }

    /// Calls `body` with the address in the kernel's form.
    static func withAddress<Result>(
        _ endpoint: Endpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        if let bits = endpoint.address.v4Bits {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = endpoint.port.bigEndian
            address.sin_addr.s_addr = bits.bigEndian
            return unsafe withPointer(to: &address, body)
        }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = endpoint.port.bigEndian
        let (high, low) = endpoint.address.v6Halves
        unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { bytes in
            unsafe bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
            unsafe bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return unsafe withPointer(to: &address, body)
    }

    private static func withPointer<Address, Result>(
        to address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        let length = socklen_t(MemoryLayout<Address>.size)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }
}
