import ByteCoding
import DHTWire
import Dialling
import Metainfo

/// Answers to our questions, and those that do not come.
extension DHTCore {
    /// Takes an answer in, when it is one: the number and the address have to be those of an open question.
    mutating func take(_ response: DHTResponse, _ message: KRPCMessage, from source: Endpoint, now: Instant) {
        guard let query = pending.close(message.transactionID, from: source) else { return }
        guard !isOurs(response.id) else {
            // We have asked ourselves, by one of our own addresses.
            entryPoints.removeAll { $0 == source }
            return fail(query, isFinal: true)
        }
        let kind = DialFamily(of: source.address)
        families[kind]?.table.answered(NodeContact(id: response.id, endpoint: source), now: now)
        if case .search(let number) = query.purpose, var search = searches.removeValue(forKey: number) {
            feed(response, from: source, to: &search)
            searches[number] = search
            pump(number, now: now)
        }
        hear(message.receiver, from: source, in: kind, now: now)
    }

    /// An error is an answer without content: the node is there, but of no use now.
    mutating func takeError(_ message: KRPCMessage, from source: Endpoint) {
        guard let query = pending.close(message.transactionID, from: source) else { return }
        if case .search(let number) = query.purpose {
            searches[number]?.lookups[DialFamily(of: source.address)]?.failed(source, isFinal: true)
        }
    }

    /// Notices questions that became slow or were never answered.
    mutating func giveUpOverdue(now: Instant) {
        let (slow, lost) = pending.overdue(now: now)
        for query in slow {
            guard case .search(let number) = query.purpose else { continue }
            searches[number]?.lookups[DialFamily(of: query.endpoint.address)]?.isSlow(query.endpoint)
        }
        for query in lost {
            counts.unanswered += 1
            fail(query, isFinal: false)
        }
    }

    private mutating func fail(_ query: PendingQuery, isFinal: Bool) {
        let kind = DialFamily(of: query.endpoint.address)
        families[kind]?.table.failed(at: query.endpoint)
        if case .search(let number) = query.purpose {
            searches[number]?.lookups[kind]?.failed(query.endpoint, isFinal: isFinal)
        }
    }

    /// What a node names counts as far as the address it was reached at allows: a node on the Internet cannot send us
    /// into our own network.
    private mutating func feed(_ response: DHTResponse, from source: Endpoint, to search: inout DHTSearch) {
        let scope = source.address.scope
        search.lookups[DialFamily(of: source.address)]?.answered(source, as: response.id, token: response.token)
        for (family, nodes) in [(DialFamily.ipv4, response.nodes ?? []), (.ipv6, response.nodes6 ?? [])] {
            let named = nodes.filter {
                DialFamily(of: $0.endpoint.address) == family && !isOurs($0.id)
                    && mayAsk($0.endpoint, namedFrom: scope)
            }
            search.lookups[family]?.add(named: named)
        }
        guard case .peers(let hash) = search.purpose else { return }
        let peers = search.new(response.values.filter { rules.refusal(of: $0, namedFrom: scope) == nil })
        if !peers.isEmpty { perform(.found(hash, peers)) }
    }

    /// Enough nodes that agree on our address tell us which id we may have (BEP 42); with another id we sit elsewhere,
    /// and join there.
    private mutating func hear(_ receiver: Endpoint?, from source: Endpoint, in kind: DialFamily, now: Instant) {
        guard let receiver, DialFamily(of: receiver.address) == kind else { return }
        let isMoved = families[kind]?.isSeen(at: receiver.address, by: source.address, random: &random, now: now)
        if isMoved == true { upkeep.joinSoon(now: now) }
    }
}
