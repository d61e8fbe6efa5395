import Metainfo

/// Which torrents are due to be announced in the local network. Pure: the time comes in.
///
/// Each is announced every five minutes (BEP 14); as many as fit go into one datagram.
struct LocalAnnounceSchedule: Sendable {
    /// The time between two announces of a torrent.
    static let interval = Duration.seconds(5 * 60)
    private var next: [InfoHash: ContinuousClock.Instant] = [:]

    /// A torrent is to be announced, at once and then every five minutes.
    mutating func add(_ hash: InfoHash, now: ContinuousClock.Instant) { next[hash] = next[hash] ?? now }

    /// A torrent is no longer announced.
    mutating func remove(_ hash: InfoHash) { next[hash] = nil }

    /// The time of the next announce; nil when there is nothing to announce.
    var nextTime: ContinuousClock.Instant? { next.values.min() }

    /// The torrents to announce now, in the portions of one datagram.
    mutating func due(at now: ContinuousClock.Instant) -> [[InfoHash]] {
        var hashes = next.filter { $0.value <= now }.map(\.key)[...]
        for hash in hashes { next[hash] = now + Self.interval }
        var portions: [[InfoHash]] = []
        while !hashes.isEmpty {
            portions.append(Array(hashes.prefix(LocalAnnouncement.maximumHashes)))
            hashes = hashes.dropFirst(LocalAnnouncement.maximumHashes)
        }
        return portions
    }
}
