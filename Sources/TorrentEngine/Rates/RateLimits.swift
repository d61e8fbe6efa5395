import Metainfo

/// How much may be sent and received: by all torrents together, and by single ones that have limits of their own.
/// A pure value without clock.
///
/// Uploads ask before they send (`grant`). Downloads are counted when they have come (`spend`), and reading stops until
/// the debt is paid (`wait`); TCP then slows the sender down.
struct RateLimits: Sendable {
    private var all: RateLimit
    private var torrents: [InfoHash: RateLimit] = [:]

    /// The limits of all together in bytes a second; nil: none.
    init(download: Int? = nil, upload: Int? = nil, now: ContinuousClock.Instant) {
        all = RateLimit(download: download, upload: upload, now: now)
    }

    /// Changes the limits of all together.
    mutating func setGlobal(download: Int?, upload: Int?, now: ContinuousClock.Instant) {
        all.set(download: download, upload: upload, now: now)
    }

    /// Changes the limits of one torrent; without any it is forgotten.
    mutating func set(download: Int?, upload: Int?, of torrent: InfoHash, now: ContinuousClock.Instant) {
        guard download != nil || upload != nil else { return remove(torrent) }
        torrents[torrent, default: RateLimit(download: nil, upload: nil, now: now)]
            .set(download: download, upload: upload, now: now)
    }

    /// The torrent has gone.
    mutating func remove(_ torrent: InfoHash) { torrents[torrent] = nil }

    /// The lowest limit that holds for a torrent, in bytes a second; nil: none.
    func rate(of torrent: InfoHash, _ direction: TransferDirection) -> Int? {
        let rates = [all[direction].rate, torrents[torrent]?[direction].rate].compactMap(\.self)
        return rates.min()
    }

    /// Whether a limit holds for a torrent: if not, nothing need be asked.
    func isLimited(_ torrent: InfoHash, _ direction: TransferDirection) -> Bool {
        all[direction].rate != nil || torrents[torrent]?[direction].rate != nil
    }

    /// Takes up to `bytes` from both allowances, or nothing when there are fewer than `minimum` (or than can be saved
    /// up): a block is sent whole or not at all. What is not used is to be given back by `spend` of a negative number.
    mutating func grant(
        upTo bytes: Int, minimum: Int = 1, torrent: InfoHash, _ direction: TransferDirection,
        now: ContinuousClock.Instant
    ) -> Int {
        let least = [all[direction], torrents[torrent]?[direction]].compactMap(\.self)
            .filter { $0.rate != nil }.reduce(minimum) { min($0, $1.burst) }
        var granted = min(max(0, bytes), all[direction].available(now: now))
        granted = min(granted, torrents[torrent]?[direction].available(now: now) ?? .max)
        guard granted >= least else { return 0 }
        spend(granted, torrent: torrent, direction, now: now)
        return granted
    }

    /// Counts bytes that have passed without being granted, or, with a negative number, gives granted ones back.
    mutating func spend(
        _ bytes: Int, torrent: InfoHash, _ direction: TransferDirection, now: ContinuousClock.Instant
    ) {
        all[direction].spend(bytes, now: now)
        torrents[torrent]?[direction].spend(bytes, now: now)
    }

    /// How long to wait until `bytes` may pass; zero: now; nil: as long as the limits stay as they are (rate 0).
    mutating func wait(
        for bytes: Int = 1, torrent: InfoHash, _ direction: TransferDirection, now: ContinuousClock.Instant
    ) -> Duration? {
        guard let first = all[direction].next(bytes, now: now) else { return nil }
        guard torrents[torrent] != nil else { return first }
        guard let second = torrents[torrent]?[direction].next(bytes, now: now) else { return nil }
        return max(first, second)
    }
}
