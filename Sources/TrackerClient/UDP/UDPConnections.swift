import ByteCoding
import Synchronization

/// The connection ids that trackers gave us, each good for a minute (BEP 15).
final class UDPConnections: Sendable {
    private struct Connection {
        let id: UInt64
        let until: ContinuousClock.Instant
    }

    /// How long a client may use an id.
    static let lifetime = Duration.seconds(60)
    private static let kept = 1_024
    private let connections = Mutex<[Endpoint: Connection]>([:])

    /// The id to use with a tracker at `now`, if there is one.
    func id(for endpoint: Endpoint, now: ContinuousClock.Instant) -> UInt64? {
        connections.withLock { connections in
            guard let known = connections[endpoint] else { return nil }
            if known.until > now { return known.id }
            connections[endpoint] = nil
            return nil
        }
    }

    /// Keeps an id that was asked for at `asked`.
    func keep(_ id: UInt64, for endpoint: Endpoint, askedAt asked: ContinuousClock.Instant) {
        connections.withLock { connections in
            if connections.count >= Self.kept { connections.removeAll() }
            connections[endpoint] = Connection(id: id, until: asked + Self.lifetime)
        }
    }

    /// Drops an id that the tracker no longer knows.
    func forget(_ endpoint: Endpoint) { connections.withLock { $0[endpoint] = nil } }
}
