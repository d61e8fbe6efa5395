import Metainfo
import TrackerClient
import TrackerWire

extension AnnounceBoard {
    /// An announce was answered. Returns whether the counts of the torrent changed.
    mutating func announced(_ errand: AnnounceErrand, _ answer: AnnounceAnswer, now: Duration) -> Bool {
        succeeded(errand.tracker, now: now)
        guard errand.event != .stopped else { return false }
        let tracker = errand.tracker
        guard var torrent = torrents[errand.hash], torrent.stay == errand.stay,
            torrent.tiers.trackers.contains(tracker)
        else {
            // It was removed meanwhile, and the tracker may have heard of that first.
            if torrents[errand.hash]?.joined.contains(tracker) != true { farewells.append(errand.farewell) }
            return false
        }
        torrent.tiers.answered(tracker, at: now, interval: answer.interval, minimum: answer.minInterval)
        torrent.accepted.insert(tracker)
        torrent.trackerIDs[tracker] = answer.trackerID ?? torrent.trackerIDs[tracker]
        torrent.problems[tracker] = answer.warning
        let counts = SharedTorrent.Counts(
            seeders: Int(answer.seeders), leechers: Int(answer.leechers),
            completed: answer.downloaded.map(Int.init) ?? torrent.counts[tracker]?.completed, readAt: now)
        let isNews = !counts.saysTheSame(as: torrent.counts[tracker])
        torrent.counts[tracker] = counts
        torrents[errand.hash] = torrent
        enqueue(errand.hash)
        if lines[tracker]?.reading.next == nil { lines[tracker]?.reading.next = now + pace.shortestReading / 4 }
        return isNews
    }

    /// An announce failed. Returns whether the page of the torrent has something new to say.
    mutating func failed(_ errand: AnnounceErrand, _ error: TrackerClientError, now: Duration) -> Bool {
        noteFailure(errand.tracker, error, now: now)
        guard errand.event != .stopped, var torrent = torrents[errand.hash], torrent.stay == errand.stay,
            torrent.tiers.trackers.contains(errand.tracker)
        else { return false }
        var retryIn: TrackerFailure.Retry?
        if case .refused(_, let retry) = error { retryIn = retry }
        torrent.tiers.failed(errand.tracker, at: now, retryIn: retryIn, using: &random)
        // One that has accepted us before may hold us still, whatever it says now.
        if error.provesAbsence, !torrent.accepted.contains(errand.tracker) { torrent.joined.remove(errand.tracker) }
        let isNews = torrent.problems[errand.tracker] != error.description
        torrent.problems[errand.tracker] = error.description
        torrents[errand.hash] = torrent
        enqueue(errand.hash)
        return isNews
    }

    /// Counts were read. Returns the torrents whose counts changed.
    mutating func scraped(_ errand: ScrapeErrand, _ answer: ScrapeAnswer, now: Duration) -> [InfoHash] {
        if var line = lines[errand.tracker] {
            // How announces do is not known from this.
            line.inFlight -= 1
            line.lastSuccess = now
            line.scrapeProblem = nil
            line.reading.failures = 0
            line.reading.minimum = .seconds(Int64(min(answer.minRequestInterval ?? 0, 86_400)))
            line.reading.isAsking = false
            line.reading.next = now + line.reading.gap
            lines[errand.tracker] = line
            dropIfIdle(errand.tracker)
        }
        return errand.hashes.filter { hash in
            guard let found = answer.files[hash], let torrent = torrents[hash],
                torrent.tiers.trackers.contains(errand.tracker)
            else { return false }
            let counts = SharedTorrent.Counts(
                seeders: Int(found.complete), leechers: Int(found.incomplete), completed: Int(found.downloaded),
                readAt: now)
            let isNews = !counts.saysTheSame(as: torrent.counts[errand.tracker])
            torrents[hash]?.counts[errand.tracker] = counts
            return isNews
        }
    }

    /// Reading counts failed: the tracker's scrapes, not its announces, wait longer and longer. Many a tracker that works
    /// has no scrape.
    mutating func scrapeFailed(_ errand: ScrapeErrand, _ error: TrackerClientError, now: Duration) {
        guard var line = lines[errand.tracker] else { return }
        line.inFlight -= 1
        line.scrapeProblem = error.description
        line.reading.failures += 1
        line.reading.rest = []
        line.reading.isAsking = false
        let wait = timing.backOff(failures: line.reading.failures + 2, using: &random)
        line.reading.next = now + max(wait, pace.shortestReading)
        lines[errand.tracker] = line
        dropIfIdle(errand.tracker)
    }

    private mutating func succeeded(_ tracker: TrackerAddress, now: Duration) {
        guard var line = lines[tracker] else { return }
        line.inFlight -= 1
        line.failures = 0
        line.restUntil = .zero
        line.lastSuccess = now
        line.problem = nil
        lines[tracker] = line
        dropIfIdle(tracker)
    }

    private mutating func noteFailure(_ tracker: TrackerAddress, _ error: TrackerClientError, now: Duration) {
        guard var line = lines[tracker] else { return }
        line.inFlight -= 1
        line.lastFailure = now
        line.problem = error.description
        if error.concernsTracker {
            line.failures += 1
            line.restUntil = now + timing.backOff(failures: line.failures, using: &random)
            // Its other farewells would fail alike, and hold its places for long.
            farewells.removeAll { $0.tracker == tracker }
        } else {
            line.failures = 0
            line.restUntil = .zero
        }
        lines[tracker] = line
        dropIfIdle(tracker)
    }
}

extension TrackerClientError {
    /// Whether the tracker certainly does not hold the announce: it said so, or was never reached.
    fileprivate var provesAbsence: Bool {
        switch self {
        case .refused, .forbidden: true
        case .unreachable, .malformed, .timedOut: false
        }
    }
}
