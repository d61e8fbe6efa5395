import CLinux
import Glibc

/// Sockets of the load generator, IPv4.
enum Sockets {
    /// Calls `body` with an address in the kernel's form.
    static func withAddress(_ host: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt)
        -> CInt
    {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard unsafe inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            errno = EINVAL
            return -1
        }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// A UDP socket of a local address, connected to the tracker.
    static func datagram(from local: String, to host: String, _ port: UInt16) throws(LoadError) -> CInt {
        let descriptor = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { throw .system("socket") }
        set(descriptor, SOL_SOCKET, SO_RCVBUF, 4 << 20)
        guard unsafe withAddress(local, 0, { unsafe bind(descriptor, $0, $1) }) == 0 else { throw .system("bind") }
        guard unsafe withAddress(host, port, { unsafe connect(descriptor, $0, $1) }) == 0 else {
            throw .system("connect")
        }
        return descriptor
    }

    /// How many local addresses TCP connections come from.
    static let addressCount = 50

    /// A TCP socket on its way to the tracker, from one of many local addresses so that ports do not run out; closing it
    /// leaves nothing behind.
    static func stream(from number: Int, to host: String, _ port: UInt16) throws(LoadError) -> CInt {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw .system("socket") }
        let bindAddressNoPort: CInt = 24
        set(descriptor, CInt(IPPROTO_IP), bindAddressNoPort, 1)
        set(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, 1)
        var linger = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        let local = "127.0.0.\(2 + number)"
        guard unsafe withAddress(local, 0, { unsafe bind(descriptor, $0, $1) }) == 0 else { throw .system("bind") }
        let result = unsafe withAddress(host, port) { unsafe connect(descriptor, $0, $1) }
        guard result == 0 || errno == EINPROGRESS else { throw .system("connect") }
        return descriptor
    }

    static func set(_ descriptor: CInt, _ level: CInt, _ option: CInt, _ value: CInt) {
        var value = value
        unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }
}
