import Metainfo
import TrackerClient
import TrackerWire

extension AnnounceBoard {
    /// What is to be asked now.
    mutating func next(now: Duration) -> [TrackerErrand] {
        var errands = dueFarewells()
        while let item = queue.popFirst(upTo: now) {
            guard torrents[item.hash]?.queuedFor == item.time else { continue }
            errands += dueAnnounces(of: item.hash, now: now)
        }
        return errands + dueScrapes(now: now)
    }

    /// When `next` has to be called again at the latest; nil when only an event can make something due.
    var nextTime: Duration? {
        let readings = lines.values.compactMap { $0.reading.isAsking ? nil : $0.reading.next }
        return (readings + [queue.first?.time].compactMap { $0 }).min()
    }

    /// A last word to every tracker that knows, or may know, of a torrent; those that did not answer lately come last.
    mutating func allFarewells() -> [AnnounceErrand] {
        farewells.removeAll(where: isOutdated)
        for hash in Array(torrents.keys) { remove(hash) }
        defer { farewells = [] }
        let failing = Set(lines.filter { $0.value.failures > 0 }.keys)
        return farewells.filter { !failing.contains($0.tracker) } + farewells.filter { failing.contains($0.tracker) }
    }

    /// Whether the torrent of a farewell has come back, and may be announced at that tracker again.
    private func isOutdated(_ farewell: AnnounceErrand) -> Bool {
        guard let torrent = torrents[farewell.hash], torrent.stay != farewell.stay else { return false }
        return torrent.tiers.trackers.contains(farewell.tracker)
    }

    private mutating func dueFarewells() -> [TrackerErrand] {
        var errands: [TrackerErrand] = []
        var later: [AnnounceErrand] = []
        for errand in farewells where !isOutdated(errand) {
            if lines[errand.tracker, default: TrackerLine()].inFlight < pace.inFlight {
                lines[errand.tracker, default: TrackerLine()].inFlight += 1
                errands.append(.announce(errand))
            } else {
                later.append(errand)
            }
        }
        farewells = later
        return errands
    }

    private mutating func dueAnnounces(of hash: InfoHash, now: Duration) -> [TrackerErrand] {
        guard var torrent = torrents[hash] else { return [] }
        torrent.queuedFor = nil
        var errands: [TrackerErrand] = []
        var due = torrent.tiers.due(at: now)
        while let tracker = due.popLast() {
            var line = lines[tracker, default: TrackerLine()]
            if line.restUntil > now {
                // A little later than the rest ends, so that the first few find out whether it is over.
                let late = Duration.seconds(Int64.random(in: 1...30, using: &random))
                torrent.tiers.passOver(tracker, until: line.restUntil + late)
                due = torrent.tiers.due(at: now)
            } else if line.inFlight >= pace.inFlight || (line.nextSlot > now && !torrent.tiers.isBooked(tracker)) {
                line.nextSlot = max(line.nextSlot, now) + pace.announceGap
                torrent.tiers.book(tracker, at: line.nextSlot)
            } else {
                line.inFlight += 1
                line.nextSlot = max(line.nextSlot, now + pace.announceGap)
                // After a failure one announce finds out; the others wait for what it finds.
                if line.failures > 0 { line.restUntil = now + timing.firstBackOff * 2 }
                torrent.tiers.ask(tracker)
                torrent.joined.insert(tracker)
                errands.append(
                    .announce(
                        AnnounceErrand(
                            hash: hash, tracker: tracker, event: torrent.accepted.contains(tracker) ? .none : .started,
                            uploadedBefore: torrent.uploadedBefore, trackerID: torrent.trackerIDs[tracker],
                            stay: torrent.stay)))
            }
            lines[tracker] = line
        }
        torrents[hash] = torrent
        enqueue(hash)
        return errands
    }

    private mutating func dueScrapes(now: Duration) -> [TrackerErrand] {
        var errands: [TrackerErrand] = []
        for (tracker, line) in lines {
            guard let time = line.reading.next, time <= now, !line.reading.isAsking else { continue }
            var line = line
            if line.reading.rest.isEmpty { beginReading(tracker, &line.reading) }
            if line.reading.rest.isEmpty {
                line.reading.next = nil
            } else if line.restUntil > now || line.inFlight >= pace.inFlight {
                line.reading.next = max(line.restUntil, now + .seconds(1))
            } else {
                line.reading.isAsking = true
                line.inFlight += 1
                errands.append(.scrape(ScrapeErrand(tracker: tracker, hashes: line.reading.rest.removeFirst())))
            }
            lines[tracker] = line
        }
        return errands
    }

    /// A new round: all torrents that work at the tracker, in portions of one request each.
    private func beginReading(_ tracker: TrackerAddress, _ reading: inout TrackerLine.Reading) {
        guard tracker.scheme == .udp || ScrapeURL.of(announce: tracker.url) != nil else { return }
        var hashes = torrents.filter { $0.value.tiers.working.contains(tracker) }.map(\.key)[...]
        let size = TrackerClient.hashesPerScrape(tracker)
        while !hashes.isEmpty {
            reading.rest.append(Array(hashes.prefix(size)))
            hashes = hashes.dropFirst(size)
        }
        let requests = reading.rest.count
        reading.gap = max(pace.reading(requests: requests), reading.minimum) / max(1, requests)
    }
}
