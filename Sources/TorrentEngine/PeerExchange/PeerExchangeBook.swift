import ByteCoding
import Dialling
import PeerWire

/// Who of a torrent's peers has been told of whom (BEP 11). Pure: the time comes in.
///
/// Only peers that we are connected to are told of, and every one that leaves is taken back. A torrent that is private
/// has no such book (BEP 27).
struct PeerExchangeBook: Sendable {
    /// What is known of a connected peer.
    struct Contact: Sendable {
        /// Where it was reached, or came from.
        let remote: IPAddress
        /// Where others can reach it; nil while its port is not known.
        var listener: Endpoint?
        var flags: PeerExchangeMessage.Flags
        /// Whether it takes peer exchange messages.
        var isListening = false
        /// What it has been told of and not yet had taken back.
        var told: Set<Endpoint> = []
        var lastTold: ContinuousClock.Instant?
        /// What it has told of and not taken back.
        var heard: Set<Endpoint> = []
        var lastHeard: ContinuousClock.Instant?
        var tooSoon = 0
    }

    let rules: PeerExchangeRules
    private var contacts: [PeerNumber: Contact] = [:]
    /// How many connected peers listen at each endpoint: it is lost with the last of them.
    private var listeners: [Endpoint: (count: Int, flags: PeerExchangeMessage.Flags)] = [:]

    init(rules: PeerExchangeRules = PeerExchangeRules()) { self.rules = rules }

    /// How many peers are known.
    var count: Int { contacts.count }

    /// A handshake is done. `listener` is where the peer can be reached: what was dialled, or for one that came to us
    /// nil until it names its port.
    mutating func connected(
        _ peer: PeerNumber, remote: IPAddress, listener: Endpoint?, flags: PeerExchangeMessage.Flags = []
    ) {
        disconnected(peer)
        contacts[peer] = Contact(remote: remote, listener: nil, flags: flags)
        listens(peer, at: listener, flags: flags)
    }

    /// More is known of a peer: its port (from its extension handshake), that it seeds, and so on.
    mutating func listens(_ peer: PeerNumber, at listener: Endpoint?, flags: PeerExchangeMessage.Flags) {
        guard var contact = contacts[peer] else { return }
        if let old = contact.listener { release(old) }
        contact.listener = listener.flatMap { $0.port == 0 ? nil : $0 }
        contact.flags = flags
        if let new = contact.listener { listeners[new] = ((listeners[new]?.count ?? 0) + 1, flags) }
        contacts[peer] = contact
    }

    /// The peer takes peer exchange messages from now on, or no more.
    mutating func takesMessages(_ peer: PeerNumber, _ isListening: Bool) {
        contacts[peer]?.isListening = isListening
    }

    /// A connection has ended.
    mutating func disconnected(_ peer: PeerNumber) {
        guard let contact = contacts.removeValue(forKey: peer) else { return }
        if let listener = contact.listener { release(listener) }
    }

    /// Every peer that takes messages and whose minute is over.
    func due(at now: ContinuousClock.Instant) -> [PeerNumber] {
        contacts.filter { isDue($0.value, now) }.map(\.key)
    }

    /// What to tell a peer now; nil when its minute is not over or there is nothing new. What does not fit is told a
    /// minute later; peers that left come first to their place, since they are always taken back.
    mutating func message(for peer: PeerNumber, at now: ContinuousClock.Instant) -> PeerExchangeMessage? {
        guard var contact = contacts[peer], isDue(contact, now) else { return nil }
        var dropped: [Endpoint] = []
        for endpoint in contact.told where dropped.count < rules.peersPerMessage && listeners[endpoint] == nil {
            dropped.append(endpoint)
        }
        var added: [PeerExchangeMessage.Peer] = []
        for (endpoint, known) in listeners where added.count < rules.peersPerMessage {
            guard isFit(endpoint, for: contact), !contact.told.contains(endpoint) else { continue }
            added.append(PeerExchangeMessage.Peer(endpoint: endpoint, flags: known.flags))
        }
        guard !added.isEmpty || !dropped.isEmpty else { return nil }
        contact.told.subtract(dropped)
        contact.told.formUnion(added.lazy.map(\.endpoint))
        contact.lastTold = now
        contacts[peer] = contact
        return PeerExchangeMessage(added: added, dropped: dropped)
    }

    /// A peer told of others. Returns those of them that are new from it and may be dialled, and whether it floods us.
    mutating func received(
        _ message: PeerExchangeMessage, from peer: PeerNumber, at now: ContinuousClock.Instant,
        isOurs: (Endpoint) -> Bool
    ) -> PeerExchangeNews {
        guard var contact = contacts[peer] else { return PeerExchangeNews() }
        defer { contacts[peer] = contact }
        if let last = contact.lastHeard, now - last < rules.shortestInterval {
            contact.tooSoon += 1
            return PeerExchangeNews(isFlood: contact.tooSoon >= rules.patience)
        }
        contact.lastHeard = now
        contact.tooSoon = max(0, contact.tooSoon - 1)
        // One endpoint both added and dropped in one message says nothing.
        let dropped = Set(message.dropped.prefix(rules.peersPerMessage))
        contact.heard.subtract(dropped)
        var news = PeerExchangeNews()
        for peer in message.added.prefix(rules.peersPerMessage) where !dropped.contains(peer.endpoint) {
            guard contact.heard.count < rules.peersPerSource else { break }
            guard !isOurs(peer.endpoint),
                rules.dialRules.refusal(of: peer.endpoint, namedFrom: contact.remote.scope) == nil,
                contact.heard.insert(peer.endpoint).inserted, listeners[peer.endpoint] == nil
            else { continue }
            news.peers.append(peer)
        }
        news.namedFrom = contact.remote.scope
        return news
    }

    private func isDue(_ contact: Contact, _ now: ContinuousClock.Instant) -> Bool {
        guard contact.isListening else { return false }
        return contact.lastTold.map { now - $0 >= rules.interval } ?? true
    }

    /// Nobody hears of itself, and addresses of this machine or network are told only to those who are there too.
    private func isFit(_ endpoint: Endpoint, for contact: Contact) -> Bool {
        guard endpoint != contact.listener else { return false }
        let scope = endpoint.address.scope
        return scope == .public || scope == contact.remote.scope
    }

    private mutating func release(_ endpoint: Endpoint) {
        guard let known = listeners[endpoint] else { return }
        listeners[endpoint] = known.count > 1 ? (known.count - 1, known.flags) : nil
    }
}
