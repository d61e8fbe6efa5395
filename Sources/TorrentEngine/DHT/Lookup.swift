import ByteCoding
import DHTWire

/// The search for the nodes nearest to a target (Kademlia, BEP 5): the nearest ones known are asked for nearer ones, a
/// few at a time, until the eight nearest that are alive have answered. One address family; pure.
struct Lookup {
    /// Questions under way at once; slow ones count no more.
    static let parallelism = 3
    /// Questions after which a lookup ends in any case: liars can name nodes without end.
    static let maximumQuestions = 160
    private static let maximumCandidates = 120
    private static let nodesTakenFromOne = 16
    private static let k = RoutingTable.k

    let target: NodeID
    /// Nearest first.
    private(set) var candidates: [LookupCandidate] = []
    private(set) var questions = 0
    private var keys: Set<AddressKey> = []
    private var networks: Set<NetworkKey> = []

    init(target: NodeID) { self.target = target }

    /// How many nodes have answered.
    var answers: Int { candidates.count { $0.state == .answered && $0.id != nil } }

    /// Adds nodes of our own table.
    mutating func add(known contacts: [NodeContact]) {
        for contact in contacts { insert(LookupCandidate(contact, target: target, isKnown: true)) }
    }

    /// Adds a node to begin with, of unknown id.
    mutating func add(entry endpoint: Endpoint) { insert(LookupCandidate(entry: endpoint)) }

    /// Adds nodes that another node has named; of one answer only the first few.
    mutating func add(named contacts: [NodeContact]) {
        for contact in contacts.prefix(Self.nodesTakenFromOne) {
            insert(LookupCandidate(contact, target: target, isKnown: false))
        }
    }

    /// The next node to ask, or nil when there is none now. It counts as asked.
    ///
    /// - Parameter mayAsk: Whether a packet may be sent there now.
    mutating func next(mayAsk: (Endpoint) -> Bool) -> LookupCandidate? {
        guard questions < Self.maximumQuestions else { return nil }
        guard candidates.count(where: { $0.state == .asked(isSlow: false) }) < Self.parallelism else { return nil }
        for index in window where candidates[index].state == .new && mayAsk(candidates[index].endpoint) {
            candidates[index].state = .asked(isSlow: false)
            candidates[index].attempts += 1
            questions += 1
            return candidates[index]
        }
        return nil
    }

    /// Whether nothing is left to ask or to wait for.
    var isDone: Bool {
        window.allSatisfy { index in
            switch candidates[index].state {
            case .new: questions >= Self.maximumQuestions
            case .asked: false
            case .answered, .failed: true
            }
        }
    }

    /// An asked node has answered. It may have another id than was said of it, and then belongs elsewhere.
    mutating func answered(_ endpoint: Endpoint, as id: NodeID, token: [UInt8]?) {
        guard let index = candidates.firstIndex(where: { $0.endpoint == endpoint }) else { return }
        var candidate = candidates.remove(at: index)
        candidate.answered(as: id, target: target, token: token)
        place(candidate)
    }

    /// An asked node takes its time: another is asked meanwhile.
    mutating func isSlow(_ endpoint: Endpoint) {
        guard let index = candidates.firstIndex(where: { $0.endpoint == endpoint }) else { return }
        if case .asked = candidates[index].state { candidates[index].state = .asked(isSlow: true) }
    }

    /// An asked node has not answered, or not sensibly. Its address is free for another name.
    mutating func failed(_ endpoint: Endpoint, isFinal: Bool = false) {
        guard let index = candidates.firstIndex(where: { $0.endpoint == endpoint }) else { return }
        if candidates[index].isKnown, candidates[index].attempts < 2, !isFinal {
            candidates[index].state = .new
            return
        }
        candidates[index].state = .failed
        release(endpoint)
    }

    /// The nodes to announce to: the eight nearest whose id belongs to their address, and up to four nearer ones whose
    /// id does not, so that neither liars nor old clients decide alone.
    var nearest: [LookupCandidate] {
        var valid = 0
        var invalid = 0
        var chosen: [LookupCandidate] = []
        for candidate in candidates where candidate.state == .answered && candidate.id != nil {
            guard valid < Self.k else { break }
            if candidate.isValid { valid += 1 } else { invalid += 1 }
            if candidate.isValid || invalid <= Self.k / 2 { chosen.append(candidate) }
        }
        return chosen
    }

    /// Indices of the nodes that matter now: the nearest that have not failed, until eight of valid id (sixteen of any)
    /// are among them that are not slow.
    private var window: [Int] {
        var indices: [Int] = []
        var valid = 0
        var others = 0
        for index in candidates.indices where candidates[index].state != .failed {
            indices.append(index)
            guard candidates[index].id != nil, candidates[index].state != .asked(isSlow: true) else { continue }
            if candidates[index].isValid { valid += 1 } else { others += 1 }
            if valid >= Self.k || valid + others >= 2 * Self.k { break }
        }
        return indices
    }

    private mutating func insert(_ candidate: LookupCandidate) {
        let network = NetworkKey(candidate.endpoint.address)
        guard !keys.contains(AddressKey(candidate.endpoint)), network.map({ !networks.contains($0) }) ?? true,
            !candidates.contains(where: { $0.endpoint == candidate.endpoint })
        else { return }
        place(candidate)
        keys.insert(AddressKey(candidate.endpoint))
        if let network { networks.insert(network) }
        if candidates.count > Self.maximumCandidates { forgetFarthest() }
    }

    /// Forgets the farthest node that no answer is awaited from.
    private mutating func forgetFarthest() {
        let isAwaited = { (candidate: LookupCandidate) in
            if case .asked = candidate.state { true } else { false }
        }
        guard let index = candidates.lastIndex(where: { !isAwaited($0) }) else { return }
        let forgotten = candidates.remove(at: index)
        guard forgotten.state != .failed else { return }
        release(forgotten.endpoint)
    }

    private mutating func release(_ endpoint: Endpoint) {
        keys.remove(AddressKey(endpoint))
        if let network = NetworkKey(endpoint.address) { networks.remove(network) }
    }

    private mutating func place(_ candidate: LookupCandidate) {
        let index = candidates.firstIndex { candidate.distance < $0.distance } ?? candidates.count
        candidates.insert(candidate, at: index)
    }
}
