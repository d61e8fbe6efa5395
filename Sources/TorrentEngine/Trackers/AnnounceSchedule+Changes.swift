import Metainfo
import TrackerClient
import TrackerWire

extension AnnounceSchedule {
    /// The download has become whole: every tracker that holds us as a leecher hears of it, at once where it answers.
    mutating func complete(now: Duration) {
        for hash in hashes {
            guard var swarm = swarms[hash] else { continue }
            for (tracker, known) in swarm.known where known.hasAccepted {
                swarm.known[tracker]?.owesCompleted = true
                swarm.tiers.hasten(tracker, to: now)
            }
            // One that is being asked for the first time was told that bytes are missing.
            for (tracker, known) in swarm.known where known.mayHoldUs && !known.hasAccepted {
                swarm.known[tracker]?.owesCompleted = true
            }
            swarms[hash] = swarm
        }
    }

    /// Everything wanted is there, but not everything (BEP 21): trackers that hold us as a leecher hear of it, the first
    /// time at once, later as soon as they allow.
    mutating func becomePartialSeed(now: Duration) {
        for hash in hashes {
            guard var swarm = swarms[hash] else { continue }
            for (tracker, known) in swarm.known where known.mayHoldUs {
                swarm.known[tracker]?.owesPaused = true
                swarm.known[tracker]?.heardPaused = true
                guard known.hasAccepted else { continue }
                swarm.tiers.hasten(tracker, to: known.heardPaused ? max(now, known.notBefore) : now)
            }
            swarms[hash] = swarm
        }
    }

    /// Peers are wanted: trackers that answer are asked again as soon as they allow.
    mutating func hurry(now: Duration) {
        for hash in hashes {
            guard var swarm = swarms[hash] else { continue }
            for tracker in swarm.tiers.working {
                swarm.tiers.hasten(tracker, to: max(now, swarm.known[tracker]?.notBefore ?? now))
            }
            swarms[hash] = swarm
        }
    }

    /// Other trackers instead of these; those that stay keep what is known of them. Returns the farewells to those that
    /// go.
    mutating func replace(_ urls: [[String]]) -> [Errand] {
        let tiers = Self.addresses(urls)
        var farewells: [Errand] = []
        for hash in hashes {
            guard var swarm = swarms[hash] else { continue }
            let fresh = makeTiers(tiers)
            let staying = Set(fresh.trackers)
            for (tracker, known) in swarm.known where !staying.contains(tracker) {
                if known.mayHoldUs { farewells.append(farewell(hash, tracker, known)) }
                swarm.known[tracker] = nil
            }
            swarm.tiers.replace(with: isPrivate ? [tiers.flatMap(\.self)] : tiers, using: &random)
            if let current = swarm.current, !staying.contains(current) { swarm.current = nil }
            swarms[hash] = swarm
        }
        return farewells
    }

    /// Further trackers, each tier after those there are; known ones stay where they are.
    mutating func add(_ urls: [[String]]) {
        guard let hash = hashes.first, let swarm = swarms[hash] else { return }
        let known = swarm.tiers.tierList
        let all = Set(known.flatMap(\.self))
        let new = Self.addresses(urls).map { $0.filter { !all.contains($0) } }.filter { !$0.isEmpty }
        guard !new.isEmpty else { return }
        _ = replace((known + new).map { $0.map(\.url) })
    }

    /// What trackers that hold us as a leecher have still to hear: that the download is whole.
    var owedCompletions: [Errand] {
        hashes.flatMap { hash in
            (swarms[hash]?.known ?? [:]).filter { $0.value.owesCompleted && $0.value.hasAccepted }.map {
                Errand(hash: hash, tracker: $0.key, event: .completed, trackerID: $0.value.trackerID)
            }
        }
    }

    /// A last word for every tracker that may hold us. Those that have answered come first.
    mutating func farewells() -> [Errand] {
        var errands: [(hasAccepted: Bool, errand: Errand)] = []
        for hash in hashes {
            for (tracker, known) in swarms[hash]?.known ?? [:] where known.mayHoldUs {
                errands.append((known.hasAccepted, farewell(hash, tracker, known)))
                swarms[hash]?.known[tracker] = nil
            }
        }
        return errands.filter(\.hasAccepted).map(\.errand) + errands.filter { !$0.hasAccepted }.map(\.errand)
    }

    private func farewell(_ hash: InfoHash, _ tracker: TrackerAddress, _ known: Acquaintance) -> Errand {
        Errand(hash: hash, tracker: tracker, event: .stopped, trackerID: known.trackerID)
    }

    /// Tiers for one hash: of a private torrent a single one, so that one tracker is used at a time.
    mutating func makeTiers(_ tiers: [[TrackerAddress]]) -> AnnounceTiers {
        isPrivate
            ? AnnounceTiers(oneAtATime: tiers, timing: timing, using: &random)
            : AnnounceTiers(tiers, timing: timing, using: &random)
    }

    /// The URLs that can be read, each once, at most 64.
    static func addresses(_ urls: [[String]]) -> [[TrackerAddress]] {
        var seen: Set<TrackerAddress> = []
        return urls.map { tier in
            tier.compactMap(TrackerAddress.init).filter { address in
                seen.count < maximumTrackers && seen.insert(address).inserted
            }
        }
        .filter { !$0.isEmpty }
    }
}
