/// One client in the swarm.
struct SimulatedPeer {
    /// With this many connections a client dials nobody more, and with the other it takes nobody in.
    static let dialsBelow = 40
    static let acceptsBelow = 60

    let capacity: Capacity
    let isReachable: Bool
    /// The publisher's own seeder, which stays for ever.
    let isOrigin: Bool
    let arrival: Double
    /// Seconds it stays when it has everything.
    let stay: Double
    let isMeasured: Bool

    var has = PieceSet.none
    /// Bytes of each piece.
    var progress = [Double](repeating: 0, count: PieceSet.capacity)
    /// How many links fetch a piece at the moment.
    var fetching = [UInt8](repeating: 0, count: PieceSet.capacity)
    /// How many of those connected have a piece.
    var availability = [UInt16](repeating: 0, count: PieceSet.capacity)
    /// Places of its links.
    var links: [Int] = []
    /// Handed out by the tracker and not tried yet, the next one last.
    var known: [UInt32] = []

    var uploaded = 0.0
    var nextAnnounce = 0.0
    var lastAnnounce = -1e9
    var completedAt: Double?
    var isGone = false
    /// Who is served by luck, and since when.
    var luckyLink = -1
    var luckySince = -1e9
    /// Bytes that may still come in this step.
    var room = 0.0

    init(_ visit: Scenario.Visit) {
        capacity = visit.capacity
        isReachable = visit.isReachable
        isOrigin = false
        arrival = visit.arrival
        nextAnnounce = visit.arrival
        stay = visit.stay
        isMeasured = visit.isMeasured
    }

    /// The publisher's seeder, with the limits of this project's engine.
    static let origin = SimulatedPeer()

    private init() {
        capacity = Capacity(downKilobits: 0, upKilobits: 8_000)
        isReachable = true
        isOrigin = true
        arrival = 0
        stay = .infinity
        isMeasured = false
        has = .all
        completedAt = 0
    }

    /// Seconds from arrival to completion, or to the end of the run.
    var duration: Double { (completedAt ?? Scenario.end) - arrival }
    var downloaded: UInt64 { UInt64(progress.reduce(0, +)) }
    var isSeeder: Bool { has.isFull }
    var accepts: Bool { !isGone && isReachable && links.count < (isOrigin ? 200 : Self.acceptsBelow) }
    var uploadSlots: Int { isOrigin ? 16 : capacity.uploadSlots }

    /// The piece to fetch next of those that are offered: the rarest that nobody sends yet, else one under way.
    func pick(_ offered: PieceSet, _ random: inout SeededRandom) -> Int? {
        var best = -1
        var rarity = Int.max
        var ties: UInt64 = 0
        var noise = random.next()
        offered.subtracting(has).forEach { piece in
            let rank = Int(availability[piece]) + (fetching[piece] > 0 ? 1 << 16 : 0)
            guard rank <= rarity else { return }
            if rank < rarity {
                (best, rarity, ties) = (piece, rank, 1)
            } else {
                ties += 1
                noise = noise &* 0xd134_2543_de82_ef95 &+ 1
                if (noise >> 32) % ties == 0 { best = piece }
            }
        }
        return best < 0 ? nil : best
    }
}
