import ByteCoding
import CLinux
import Glibc
import Metainfo
import Synchronization
import TrackerWire

/// The latest announces, in memory that is taken once, and what they prove.
///
/// A place is drawn by number. Neighbours have different locks, so that two threads hardly ever meet at one; nothing is
/// turned into text before somebody reads.
final class AnnounceLog: Sendable {
    /// How many announces are kept.
    static let capacity = 8192
    private static let stripeCount = 64
    private static let stripeLength = capacity / stripeCount

    private final class Stripe: Sendable {
        let places = Mutex<[LoggedAnnounce?]>([])
    }

    private let stripes = (0..<stripeCount).map { _ in Stripe() }
    private let next = Atomic<UInt64>(0)
    private let sightings = SightingBoard()
    private let clock: TrackerClock
    /// Seconds since 1970 at the clock's zero.
    private let start: Double

    init(clock: TrackerClock) {
        self.clock = clock
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        start = Double(time.tv_sec) - Double(clock.seconds())
    }

    /// Notes an announce; allocates nothing once every place has been filled.
    ///
    /// - Parameters:
    ///   - given: how many peers it was handed.
    ///   - refusal: why it was refused; nil when it was answered.
    ///   - isKept: whether it is to be listed; what it proves is noted anyway.
    func note(
        _ request: AnnounceRequest, from source: IPAddress, over transport: TrackerTransport, now: UInt32,
        given: Int, refusal: Refusal?, isKept: Bool
    ) {
        let ticket = next.wrappingAdd(1, ordering: .relaxed).oldValue
        sightings.note(transport, isPublic: source.scope == .public, second: now, total: ticket)
        guard isKept else { return }
        let logged = LoggedAnnounce(
            ticket: ticket, request, from: source, over: transport, now: now, given: given, refusal: refusal)
        let (stripe, place) = Self.place(of: ticket)
        stripes[stripe].places.withLock { places in
            if places.isEmpty { places = [LoggedAnnounce?](repeating: nil, count: Self.stripeLength) }
            places[place] = logged
        }
    }

    /// The announces that pass, newest first.
    func records(matching filter: AnnounceFilter, limit: Int) -> [AnnounceRecord] {
        var records: [AnnounceRecord] = []
        let end = next.load(ordering: .relaxed)
        var ticket = end
        while ticket > 0, end - ticket < UInt64(Self.capacity), records.count < limit {
            ticket -= 1
            guard let logged = announce(ticket), filter.admits(logged) else { continue }
            let record = AnnounceRecord(logged, startedAt: start)
            if filter.admitsText(of: record) { records.append(record) }
        }
        return records
    }

    /// What the announces prove, listed or not.
    var evidence: TrackerEvidence {
        sightings.evidence(now: clock.seconds(), total: next.load(ordering: .relaxed))
    }

    /// Nil when it was not kept, or has been written over.
    private func announce(_ ticket: UInt64) -> LoggedAnnounce? {
        let (stripe, place) = Self.place(of: ticket)
        return stripes[stripe].places.withLock { places in
            guard places.indices.contains(place), let logged = places[place], logged.ticket == ticket else {
                return nil
            }
            return logged
        }
    }

    private static func place(of ticket: UInt64) -> (stripe: Int, place: Int) {
        let number = Int(truncatingIfNeeded: ticket % UInt64(capacity))
        return (number % stripeCount, number / stripeCount)
    }
}
