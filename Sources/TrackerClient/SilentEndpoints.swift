import ByteCoding
import Synchronization

/// Addresses of trackers that did not answer lately: while another address of the tracker does, they are not waited
/// for again.
final class SilentEndpoints: Sendable {
    private static let lifetime = Duration.seconds(30 * 60)
    private static let kept = 1_024
    private let silentUntil = Mutex<[Endpoint: ContinuousClock.Instant]>([:])

    /// The endpoints without the silent ones; all of them when all are silent.
    func without(_ endpoints: [Endpoint], now: ContinuousClock.Instant) -> [Endpoint] {
        let answering = silentUntil.withLock { silent in endpoints.filter { silent[$0].map { $0 <= now } ?? true } }
        return answering.isEmpty ? endpoints : answering
    }

    /// Notes whether an endpoint answered; nil says nothing about that.
    func note(_ endpoint: Endpoint, answers: Bool?) {
        guard let answers else { return }
        silentUntil.withLock { silent in
            if silent.count >= Self.kept { silent.removeAll() }
            silent[endpoint] = answers ? nil : .now + Self.lifetime
        }
    }
}
