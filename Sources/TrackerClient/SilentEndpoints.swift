import ByteCoding
import Dialling
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

    /// The first endpoint of each address family that is not silent; of all when all are silent.
    func oneOfEachFamily(_ endpoints: [Endpoint], now: ContinuousClock.Instant) -> [Endpoint] {
        let answering = without(endpoints, now: now)
        return DialFamily.allCases.flatMap { family in
            answering.filter { DialFamily(of: $0.address) == family }.prefix(1)
        }
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
