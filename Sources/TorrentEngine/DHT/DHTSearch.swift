import ByteCoding
import DHTWire
import Dialling
import Metainfo

/// One search through the DHT: a lookup in each address family towards the same target, and the announces after it.
struct DHTSearch {
    /// What it is for.
    enum Purpose: Equatable {
        /// Peers of a torrent.
        case peers(InfoHash)
        /// Our own neighbourhood: how a node joins.
        case join
        /// A part of the table that was not heard of for long.
        case refresh
    }

    /// An announce that is still to be sent.
    struct Pledge {
        let endpoint: Endpoint
        let token: [UInt8]
    }

    /// After that long a search ends, whatever is still open.
    static let longest = Duration.seconds(60)
    private static let maximumPeers = 2_000

    let purpose: Purpose
    let target: NodeID
    let startedAt: ContinuousClock.Instant
    var lookups: [DialFamily: Lookup] = [:]
    var pledges: [Pledge] = []
    /// How many nodes were announced to.
    var announced = 0
    /// How many peers were found.
    var found: Int { seen.count }
    private var seen: Set<Endpoint> = []

    init(_ purpose: Purpose, target: NodeID, startedAt: ContinuousClock.Instant) {
        self.purpose = purpose
        self.target = target
        self.startedAt = startedAt
    }

    /// The torrent whose peers are searched.
    var infoHash: InfoHash? {
        if case .peers(let hash) = purpose { return hash }
        return nil
    }

    /// What a node is asked on the way.
    func question(want: WantedFamilies?) -> DHTQuery {
        if case .peers(let hash) = purpose { return .getPeers(hash, want: want) }
        return .findNode(target: target, want: want)
    }

    /// Those of some peers that were not found before; bounded, whatever nodes say.
    mutating func new(_ peers: [Endpoint]) -> [Endpoint] {
        var new: [Endpoint] = []
        for peer in peers where seen.count < Self.maximumPeers && seen.insert(peer).inserted { new.append(peer) }
        return new
    }
}
