/// Which announce of one lane comes next, as torrent and peer in one number.
///
/// A peer belongs to one lane, so that it always announces from the same address.
struct AnnouncePlan {
    private let population: Population
    private let churn: Int
    private let lane: Int
    private let lanes: Int
    private var random: LoadRandom
    private var next = 0
    /// How many draws there are; zero for no end.
    private let end: Int
    private var again: [Int] = []

    /// Every peer of the lane in every torrent once.
    init(filling population: Population, lane: Int, of lanes: Int) {
        self.init(population, churn: 0, lane, lanes, isFilling: true)
    }

    /// Peers at random for ever; so many percent of announces come from as many peers again that come and go.
    init(at random: Population, churn: Int, lane: Int, of lanes: Int) {
        self.init(random, churn: churn, lane, lanes, isFilling: false)
    }

    private init(_ population: Population, churn: Int, _ lane: Int, _ lanes: Int, isFilling: Bool) {
        self.population = population
        self.churn = churn
        self.lane = lane
        self.lanes = lanes
        random = LoadRandom(seed: UInt64(lane) &+ 1)
        end = isFilling ? population.torrents * Self.share(population, lane, lanes) : 0
    }

    /// How many of a torrent's peers are the lane's.
    private static func share(_ population: Population, _ lane: Int, _ lanes: Int) -> Int {
        (population.peers - lane + lanes - 1) / lanes
    }

    /// Peers of a torrent in all, those that come and go too.
    static func peers(_ population: Population, churn: Int) -> Int {
        churn > 0 ? 2 * population.peers : population.peers
    }

    mutating func draw() -> Int? {
        let share = Self.share(population, lane, lanes)
        let peers = Self.peers(population, churn: churn)
        if end == 0 {
            guard share > 0 else { return nil }
            let torrent = random.below(population.torrents)
            let comesAndGoes = churn > 0 && random.below(100) < churn
            let peer = lane + lanes * random.below(share) + (comesAndGoes ? population.peers : 0)
            return torrent * peers + peer
        }
        if let work = again.popLast() { return work }
        guard next < end else { return nil }
        defer { next += 1 }
        // Torrent by torrent, so that one swarm is not filled at a stretch.
        return (next % population.torrents) * peers + lane + lanes * (next / population.torrents)
    }

    /// Whether nothing is left to draw.
    var isDone: Bool { end > 0 && next == end && again.isEmpty }

    /// Half of those that come and go are just leaving.
    mutating func isLeaving() -> Bool { random.next() & 1 == 0 }

    /// What was lost is announced again while filling.
    mutating func giveBack(_ work: Int) { if end > 0 { again.append(work) } }
}
