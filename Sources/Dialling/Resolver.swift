import ByteCoding
import Glibc
import NIOCore
import NIOPosix

/// Looks names up with the system's resolver, on a worker thread because `getaddrinfo` blocks.
struct Resolver: Sendable {
    let workers: NIOThreadPool

    /// The addresses of `name`, without repetition, in the resolver's order; at most 16.
    func addresses(of name: String) async throws(DialError) -> [IPAddress] {
        let answer: Result<[IPAddress], DialError>
        do {
            answer = try await workers.runIfActive { Self.lookUp(name) }
        } catch {
            throw .unresolved(name: name, message: "the resolver has stopped")
        }
        return try answer.get()
    }

    /// Blocking. A name with a NUL would be cut short by C, and one longer than DNS allows is no name.
    private static func lookUp(_ name: String) -> Result<[IPAddress], DialError> {
        guard !name.isEmpty, name.utf8.count <= 253, !name.utf8.contains(0) else {
            return .failure(.unresolved(name: name, message: "not a host name"))
        }
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(name, nil, &hints, &list)
        guard status == 0 else {
            return .failure(.unresolved(name: name, message: unsafe String(cString: gai_strerror(status))))
        }
        defer { unsafe freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = unsafe list
        while let entry = unsafe next, found.count < 16 {
            if let address = unsafe address(of: entry.pointee), !found.contains(address) { found.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        return found.isEmpty
            ? .failure(.unresolved(name: name, message: "the name has no address")) : .success(found)
    }

    /// As text and back, which needs no socket structures. An interface behind a link-local address is cut off.
    private static func address(of entry: addrinfo) -> IPAddress? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = unsafe getnameinfo(
            entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        guard status == 0 else { return nil }
        let bytes = text.prefix { $0 != 0 && $0 != CChar(UInt8(ascii: "%")) }.map { UInt8(bitPattern: $0) }
        return IPAddress(String(decoding: bytes, as: UTF8.self))
    }
}
