import ByteCoding
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Looks names up with the system's resolver, on a worker thread because `getaddrinfo` blocks. Answers are kept for half
/// a minute, so that a thousand torrents of one tracker are one look-up.
final class Resolver: Sendable {
    private typealias Answer = Result<[IPAddress], DialError>

    private struct Known {
        let answer: Answer
        let until: ContinuousClock.Instant
    }

    private static let lifetime = Duration.seconds(30)
    private static let keptNames = 512
    private let workers: NIOThreadPool
    private let known = Mutex<[String: Known]>([:])

    init(workers: NIOThreadPool) { self.workers = workers }

    /// The addresses of `name`, without repetition, in the resolver's order; at most 16. A cancelled task does not wait
    /// for the resolver.
    func addresses(of name: String) async throws(DialError) -> [IPAddress] {
        let now = ContinuousClock.now
        if let known = known.withLock({ $0[name] }), known.until > now { return try known.answer.get() }
        let (answers, continuation) = AsyncStream.makeStream(of: Answer.self, bufferingPolicy: .bufferingNewest(1))
        workers.submit { state in
            if case .active = state { continuation.yield(Self.lookUp(name)) }
            continuation.finish()
        }
        for await answer in answers {
            keep(Known(answer: answer, until: now + Self.lifetime), for: name)
            return try answer.get()
        }
        throw .unresolved(name: name, message: "the resolver has stopped")
    }

    private func keep(_ answer: Known, for name: String) {
        known.withLock { known in
            if known.count >= Self.keptNames { known.removeAll() }
            known[name] = answer
        }
    }

    /// Blocking. A name with a NUL would be cut short by C, and one longer than DNS allows is no name.
    private static func lookUp(_ name: String) -> Answer {
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
