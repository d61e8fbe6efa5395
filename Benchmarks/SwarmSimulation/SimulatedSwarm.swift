import TrackerServer

/// A swarm in virtual time: steps of 5 s in which peers come, announce, dial, choose whom to serve, and send.
struct SimulatedSwarm {
    static let step = 5.0
    /// Seconds between announces; a client with few connections asks sooner, as the mainline client did.
    static let interval = 900.0
    static let hurriedInterval = 300.0
    static let fewLinks = 20

    var random: SeededRandom
    var time = 0.0
    /// By number; those to come are not in it yet.
    var peers = [SimulatedPeer.origin]
    /// The numbers of those that are there.
    var present = [0]
    var links: [Link] = []
    private var freeLinks: [Int] = []
    /// Nil: uniformly random hand-out.
    private var tracker: SwarmModel?
    private let wanted: Int
    private var visits: ArraySlice<Scenario.Visit>
    private var unfinished: Int
    private var handed: [UInt32] = []

    init(_ scenario: Scenario, _ contender: Contender, wanted: Int, seed: UInt64) {
        random = SeededRandom(seed: seed)
        // Who comes when hangs on the seed alone, not on the rule.
        visits = scenario.visits(&random).sorted { $0.arrival < $1.arrival }[...]
        unfinished = visits.count { $0.isMeasured }
        tracker = contender.rule.map { SwarmModel(rule: $0, mix: contender.mix, seed: seed) }
        self.wanted = wanted
    }

    /// Runs until all that are measured have everything.
    mutating func run() {
        while unfinished > 0, time < Scenario.end {
            arrive()
            for peer in present { visitTracker(peer) }
            for peer in present { dial(peer) }
            for peer in present where (Int(time / Self.step) + peer) % 2 == 0 { choke(peer) }
            transfer()
            time += Self.step
            depart()
        }
    }

    /// The measured peers' times from arrival to completion.
    var outcome: Outcome {
        let measured = peers.filter(\.isMeasured)
        return Outcome(all: measured.map(\.duration), givers: measured.filter { $0.capacity.up > 0 }.map(\.duration))
    }

    mutating func completed(_ peer: Int) {
        peers[peer].completedAt = time + Self.step
        peers[peer].nextAnnounce = time
        if peers[peer].isMeasured { unfinished -= 1 }
        for link in peers[peer].links where peers[links[link].other(than: peer)].isSeeder { disconnect(link) }
    }

    private mutating func arrive() {
        while let visit = visits.first, visit.arrival <= time {
            visits.removeFirst()
            present.append(peers.count)
            peers.append(SimulatedPeer(visit))
        }
    }

    private mutating func depart() {
        for peer in present {
            guard let completedAt = peers[peer].completedAt, time >= completedAt + peers[peer].stay else { continue }
            peers[peer].isGone = true
            tracker?.leave(UInt32(peer))
            for link in peers[peer].links { disconnect(link) }
        }
        present.removeAll { peers[$0].isGone }
    }

    private mutating func visitTracker(_ peer: Int) {
        guard !peers[peer].isOrigin else { return }
        let hasFew = peers[peer].links.count < Self.fewLinks && !peers[peer].isSeeder
        let isHurried = hasFew && time - peers[peer].lastAnnounce >= Self.hurriedInterval
        guard time >= peers[peer].nextAnnounce || isHurried else { return }
        peers[peer].lastAnnounce = time
        peers[peer].nextAnnounce = time + Self.interval
        handed.removeAll(keepingCapacity: true)
        tracker?.announce(
            UInt32(peer), uploaded: UInt64(peers[peer].uploaded), downloaded: peers[peer].downloaded,
            isSeeder: peers[peer].isSeeder, wanted: wanted, now: UInt32(1_000_000 + time), into: &handed)
        if tracker == nil { drawUniformly(for: peer) }
        // A client dials in any order; the publisher's seeder is in every answer to a leecher.
        handed.shuffle(using: &random)
        if !peers[peer].isSeeder { handed.append(0) }
        peers[peer].known = handed
    }

    /// Any of those that have announced themselves, for one that has everything only those that have not.
    private mutating func drawUniformly(for peer: Int) {
        let isSeeder = peers[peer].isSeeder
        handed = present.filter {
            $0 != peer && peers[$0].lastAnnounce >= 0 && !peers[$0].isOrigin && !(isSeeder && peers[$0].isSeeder)
        }.map { UInt32($0) }
        handed.shuffle(using: &random)
        handed.removeLast(max(0, handed.count - wanted))
    }

    private mutating func dial(_ peer: Int) {
        for _ in 0..<10 {
            guard peers[peer].links.count < SimulatedPeer.dialsBelow, let number = peers[peer].known.popLast()
            else { return }
            let other = Int(number)
            guard other != peer, peers[other].accepts, !(peers[peer].isSeeder && peers[other].isSeeder),
                !peers[peer].links.contains(where: { links[$0].other(than: peer) == other })
            else { continue }
            connect(peer, other)
        }
    }

    private mutating func connect(_ peer: Int, _ other: Int) {
        peers[peer].has.forEach { peers[other].availability[$0] += 1 }
        peers[other].has.forEach { peers[peer].availability[$0] += 1 }
        let link = Link(first: peer, second: other)
        let place = freeLinks.popLast() ?? links.count
        if place == links.count { links.append(link) } else { links[place] = link }
        peers[peer].links.append(place)
        peers[other].links.append(place)
    }

    private mutating func disconnect(_ place: Int) {
        let link = links[place]
        release(link.forth.piece, of: link.second)
        release(link.back.piece, of: link.first)
        peers[link.first].has.forEach { peers[link.second].availability[$0] -= 1 }
        peers[link.second].has.forEach { peers[link.first].availability[$0] -= 1 }
        for peer in [link.first, link.second] {
            peers[peer].links.removeAll { $0 == place }
            if peers[peer].luckyLink == place { peers[peer].luckyLink = -1 }
        }
        freeLinks.append(place)
    }

    mutating func release(_ piece: Int, of peer: Int) {
        if piece >= 0 { peers[peer].fetching[piece] -= 1 }
    }
}
