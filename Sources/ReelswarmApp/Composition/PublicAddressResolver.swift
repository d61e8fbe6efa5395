import ByteCoding
import Dialling
import Logging
import ServiceLifecycle
import Site
import Synchronization
import TrackerServer

/// Keeps the addresses of the public URL's host fresh, for peers that must be told where the seeder is.
final class PublicAddressResolver: Service {
    private let host: String?
    private let dialler: Dialler
    private let addresses = Mutex<[IPAddress]>([])
    private let listener = Mutex<(@Sendable ([IPAddress]) -> Void)?>(nil)

    init(url: PublicURL?, logger: Logger) {
        host = url.map { $0.host.trimmingBrackets }
        // Only asked for its address: our own host may well be private.
        dialler = Dialler(rules: DialRules(allowsPrivateAddresses: true, lowestPort: 1), logger: logger)
    }

    /// Calls `act` whenever the host resolves to other addresses.
    func onChange(_ act: @escaping @Sendable ([IPAddress]) -> Void) { listener.withLock { $0 = act } }

    /// What the host resolved to last.
    var current: [IPAddress] { addresses.withLock { $0 } }

    func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            await refresh()
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(300)) }
        }
    }

    private func refresh() async {
        guard let host, let reached = try? await dialler.endpoints(host: host, port: 1, namedFrom: .loopback) else {
            return
        }
        let found = reached.map(\.address)
        guard found != current else { return }
        addresses.withLock { $0 = found }
        listener.withLock { $0 }?(found)
    }
}

extension String {
    /// An IPv6 host as a resolver takes it: without the brackets of a URL.
    fileprivate var trimmingBrackets: String {
        hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
    }
}
