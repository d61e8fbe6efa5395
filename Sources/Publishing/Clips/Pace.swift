import Synchronization

/// Ends what a reader takes so slowly that others wait too long for its place.
final class Pace: Sendable {
    private let least: Int64
    private let begun = ContinuousClock.now
    private let bytes = Mutex<Int64>(0)

    /// - Parameter least: bytes a second, on the average of all time but the first minute.
    init(least: Int64) { self.least = least }

    /// Counts what was taken. Throws `unavailable` when that is too little by now.
    func took(_ count: Int, at now: ContinuousClock.Instant = .now) throws(PublishingError) {
        let seconds = (now - begun).components.seconds - 60
        let taken = bytes.withLock { bytes in
            bytes += Int64(count)
            return bytes
        }
        guard seconds <= 0 || taken / seconds >= least else {
            throw PublishingError(.unavailable, "This clip was taken too slowly.")
        }
    }
}
