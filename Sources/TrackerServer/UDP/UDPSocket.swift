import ByteCoding
import CLinux
import Glibc

/// Owns a bound UDP socket of one address; closed in `deinit`.
final class UDPSocket: Sendable {
    let descriptor: CInt
    /// What the socket is bound to; port 0 has become a free one.
    let local: Endpoint

    /// Throws `TrackerError.cannotBind` when the address is taken or not this machine's.
    ///
    /// - Parameter sharesPort: whether other sockets of this process may be bound to the same address; the kernel then
    ///   spreads the clients over them.
    init(_ endpoint: Endpoint, sharesPort: Bool = false) throws(TrackerError) {
        let type = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(endpoint.address.isIPv4 ? AF_INET : AF_INET6, type, 0)
        guard descriptor >= 0 else { throw .cannotBind(endpoint, code: errno) }
        guard let local = Self.bind(descriptor, endpoint, sharesPort: sharesPort) else {
            let code = errno
            close(descriptor)
            throw .cannotBind(endpoint, code: code)
        }
        self.descriptor = descriptor
        self.local = local
    }

    deinit { close(descriptor) }

    /// Whether the socket takes datagrams for any address of the machine, so that each tells where it arrived.
    var isWildcard: Bool { Self.isWildcard(local.address) }

    /// Wakes who waits for a datagram here, for good: from now on receiving returns at once.
    func endReceiving() { shutdown(descriptor, CInt(SHUT_RD)) }

    private static func isWildcard(_ address: IPAddress) -> Bool {
        let (high, low) = address.v6Halves
        return high == 0 && (low == 0 || low == 0xffff << 32)
    }

    /// Nil, with `errno`, when something fails. The order matters: options first.
    private static func bind(_ descriptor: CInt, _ endpoint: Endpoint, sharesPort: Bool) -> Endpoint? {
        if !endpoint.address.isIPv4 {
            guard set(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, 1) else { return nil }
        }
        if endpoint.address.isIPv4 {
            // No answer here is longer than any path takes, so nobody needs to look up how long it may be, or number
            // fragments.
            let pathProbe: CInt = 3  // IP_PMTUDISC_PROBE
            _ = set(descriptor, CInt(IPPROTO_IP), IP_MTU_DISCOVER, pathProbe)
        }
        // A socket of one address knows where its datagrams arrive; being told would cost a tenth of the speed.
        if isWildcard(endpoint.address) {
            let isSet =
                endpoint.address.isIPv4
                ? set(descriptor, CInt(IPPROTO_IP), IP_PKTINFO, 1)
                : set(descriptor, CInt(IPPROTO_IPV6), IPV6_RECVPKTINFO, 1)
            guard isSet else { return nil }
        }
        if sharesPort {
            guard set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) else { return nil }
        }
        // As much as the kernel allows: a burst of announces waits here while a batch is answered.
        _ = set(descriptor, SOL_SOCKET, SO_RCVBUF, 4 << 20)
        guard unsafe SocketAddress.withAddress(endpoint, { unsafe Glibc.bind(descriptor, $0, $1) }) == 0 else {
            return nil
        }
        return name(of: descriptor)
    }

    private static func set(_ descriptor: CInt, _ level: CInt, _ option: CInt, _ value: CInt) -> Bool {
        var value = value
        return unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size)) == 0
    }

    private static func name(of descriptor: CInt) -> Endpoint? {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        guard result == 0 else { return nil }
        return unsafe withUnsafeBytes(of: &address) { unsafe SocketAddress.endpoint($0) }
    }
}
