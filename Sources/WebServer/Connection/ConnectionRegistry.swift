import ByteCoding
import Metrics
import NIOCore
import Synchronization

/// The open connections: counted per address, and told of the shutdown.
final class ConnectionRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var perAddress: [IPAddress: Int] = [:]
        var isDraining = false
    }

    private let state = Mutex(State())
    private let limits: ServerLimits
    private let exempt: [CIDR]
    private let gauge: Meter

    init(limits: ServerLimits, exempt: [CIDR], name: String) {
        self.limits = limits
        self.exempt = exempt
        gauge = Meter(label: "http_connections", dimensions: [("server", name)])
    }

    var count: Int { state.withLock { $0.channels.count } }

    func isTrusted(_ address: IPAddress) -> Bool {
        exempt.contains { $0.contains(address) }
    }

    /// Counts a connection; false when there are too many, or the server is going down.
    func admit(_ channel: any Channel, from address: IPAddress) -> Bool {
        let isExempt = address.scope == .loopback || isTrusted(address)
        let isAdmitted = state.withLock { state in
            let mine = state.perAddress[address] ?? 0
            guard !state.isDraining, state.channels.count < limits.connections,
                isExempt || mine < limits.connectionsPerAddress
            else { return false }
            state.channels[ObjectIdentifier(channel)] = channel
            state.perAddress[address] = mine + 1
            return true
        }
        if isAdmitted { gauge.increment() }
        return isAdmitted
    }

    func remove(_ channel: any Channel, from address: IPAddress) {
        let wasThere = state.withLock { state in
            guard state.channels.removeValue(forKey: ObjectIdentifier(channel)) != nil else { return false }
            let mine = (state.perAddress[address] ?? 1) - 1
            state.perAddress[address] = mine > 0 ? mine : nil
            return true
        }
        if wasThere { gauge.decrement() }
    }

    /// Tells every connection to end after its request, waits, and cuts what is left after the grace time.
    func drain(grace: Duration) async {
        tell(.drain) { $0.isDraining = true }
        await waitUntilEmpty(atMost: grace)
        tell(.cut)
        await waitUntilEmpty(atMost: .seconds(2))
    }

    private func tell(_ event: ShutdownEvent, _ change: (inout State) -> Void = { _ in }) {
        let channels = state.withLock { state in
            change(&state)
            return Array(state.channels.values)
        }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(event) }
    }

    private func waitUntilEmpty(atMost limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        while count > 0, ContinuousClock.now < deadline {
            // A cancelled task waits no more: what is left is cut.
            guard (try? await Task.sleep(for: .milliseconds(10))) != nil else { return }
        }
    }
}

/// What the server tells its connections when it goes down.
enum ShutdownEvent: Sendable {
    /// End after the request in flight.
    case drain
    /// End now.
    case cut
}
