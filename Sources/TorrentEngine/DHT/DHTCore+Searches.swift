import ByteCoding
import DHTWire
import Dialling
import Metainfo

/// Searches of our own.
extension DHTCore {
    /// Nodes of the table a lookup begins with.
    private static let startingNodes = 16

    /// Wants peers of a torrent, now and at every interval.
    mutating func listen(to hash: InfoHash, now: Instant) { book.listen(hash, now: now) }

    /// Wants no more peers of a torrent.
    mutating func stopListening(to hash: InfoHash) { book.stopListening(hash) }

    /// Announces a torrent, now and at every interval.
    mutating func announce(_ hash: InfoHash, port: UInt16, isSeed: Bool, now: Instant) {
        guard port != 0 else { return }
        book.announce(hash, DHTSearchBook.Announcement(port: port, isSeed: isSeed), now: now)
    }

    /// Announces a torrent no more.
    mutating func withdraw(_ hash: InfoHash) { book.withdraw(hash) }

    /// Begins a search. The peers we keep for others are found at once.
    mutating func begin(_ purpose: DHTSearch.Purpose, target: NodeID, now: Instant) {
        var search = DHTSearch(purpose, target: target, startedAt: now)
        for family in families.keys {
            search.lookups[family] = lookup(to: search, in: family, now: now)
        }
        if let hash = search.infoHash {
            let stored = store.sample(of: hash, noSeeds: false, limit: 200, random: &random, now: now) { _ in true }
            let peers = search.new(stored)
            if !peers.isEmpty { perform(.found(hash, peers)) }
        }
        nextSearch &+= 1
        searches[nextSearch] = search
    }

    private mutating func lookup(to search: DHTSearch, in family: DialFamily, now: Instant) -> Lookup {
        // Each family has an id of its own, and joins around that.
        let own = families[family]?.table.id
        var lookup = Lookup(target: search.purpose == .join ? own ?? search.target : search.target)
        let known = families[family]?.table.closest(to: lookup.target, count: Self.startingNodes) ?? []
        families[family]?.table.touch(lookup.target, now: now)
        lookup.add(known: known)
        if search.purpose == .join || known.count < RoutingTable.k {
            for entry in entryPoints where DialFamily(of: entry.address) == family { lookup.add(entry: entry) }
        }
        return lookup
    }

    /// Takes every search as far as it goes without another answer.
    mutating func pump(now: Instant) {
        for number in searches.keys.sorted() { pump(number, now: now) }
    }

    /// Takes one search as far as it goes.
    mutating func pump(_ number: UInt32, now: Instant) {
        guard var search = searches.removeValue(forKey: number) else { return }
        let isOver = now - search.startedAt >= DHTSearch.longest
        for family in DialFamily.allCases { step(&search, number, in: family, isOver: isOver, now: now) }
        sendPledges(of: &search, now: now)
        if search.lookups.isEmpty, search.pledges.isEmpty || isOver {
            end(search, now: now)
        } else {
            searches[number] = search
        }
    }

    private mutating func step(
        _ search: inout DHTSearch, _ number: UInt32, in family: DialFamily, isOver: Bool, now: Instant
    ) {
        guard var lookup = search.lookups[family] else { return }
        while canAsk(now: now), let node = lookup.next(mayAsk: { questionLimiter.hasRoom($0, now: now) }) {
            var question = search.question(want: want)
            if search.purpose == .join { question = .findNode(target: lookup.target, want: want) }
            ask(question, at: node.endpoint, for: .search(number), now: now)
        }
        search.lookups[family] = lookup
        guard lookup.isDone || isOver else { return }
        // The other family still tells of nodes of this one, which matters while few are known.
        if !isOver, lookup.answers < RoutingTable.k,
            search.lookups.contains(where: { $0.key != family && !$0.value.isDone })
        {
            return
        }
        search.lookups[family] = nil
        guard let hash = search.infoHash, book.announcement(of: hash) != nil else { return }
        search.pledges += lookup.nearest.compactMap { node in
            node.token.map { DHTSearch.Pledge(endpoint: node.endpoint, token: $0) }
        }
    }

    private mutating func sendPledges(of search: inout DHTSearch, now: Instant) {
        guard let hash = search.infoHash, let announcement = book.announcement(of: hash) else {
            return search.pledges = []
        }
        var left: [DHTSearch.Pledge] = []
        for pledge in search.pledges {
            guard canAsk(now: now), questionLimiter.hasRoom(pledge.endpoint, now: now) else {
                left.append(pledge)
                continue
            }
            let announce = DHTAnnounce(
                infoHash: hash, port: announcement.port, token: pledge.token, isSeed: announcement.isSeed)
            ask(.announcePeer(announce), at: pledge.endpoint, for: .announce, now: now)
            search.announced += 1
        }
        search.pledges = left
    }

    private mutating func end(_ search: DHTSearch, now: Instant) {
        switch search.purpose {
        case .peers(let hash):
            let hasPeers = search.found > 0 || !book.isListening(to: hash)
            let isAnnounced = search.announced > 0 || book.announcement(of: hash) == nil
            book.ended(hash, broughtSomething: hasPeers && isAnnounced, now: now)
        case .join:
            let most = families.values.map(\.table.count).max() ?? 0
            upkeep.joined(wellEnough: most >= RoutingTable.k, now: now)
        case .refresh: break
        }
    }
}
