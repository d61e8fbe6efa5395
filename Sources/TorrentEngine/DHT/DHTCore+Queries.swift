import ByteCoding
import DHTWire
import Dialling
import Metainfo

/// Questions of others.
extension DHTCore {
    /// Takes in whatever arrived.
    mutating func receive(_ packet: [UInt8], from source: Endpoint, now: Instant) {
        counts.received += 1
        guard source.port != 0, source.address.scope != .unusable, packet.count <= KRPCMessage.maximumByteCount,
            families[DialFamily(of: source.address)] != nil
        else { return }
        let isAwaited = pending.isAwaited(source)
        // Before anything is read: a flood should cost next to nothing.
        if !isAwaited, !answerLimiter.take(source, now: now) { return counts.limited += 1 }
        do throws(KRPCDecodingError) {
            let message = try KRPCMessage.decode(packet)
            switch message.body {
            case .query(let sender, let query):
                if isAwaited, !answerLimiter.take(source, now: now) { return counts.limited += 1 }
                answer(query, of: sender, message, from: source, now: now)
            case .response(let response): take(response, message, from: source, now: now)
            case .error: takeError(message, from: source)
            }
        } catch {
            if case .refused(let transactionID, let reason) = error, !isAwaited || answerLimiter.take(source, now: now)
            {
                reply(.error(reason), transactionID, to: source, now: now)
            }
        }
    }

    private mutating func answer(
        _ query: DHTQuery, of sender: NodeID, _ message: KRPCMessage, from source: Endpoint, now: Instant
    ) {
        let kind = DialFamily(of: source.address)
        guard !isReadOnly, !isOurs(sender), let family = families[kind] else { return }
        let contact = NodeContact(id: sender, endpoint: source)
        if !message.isReadOnly { meet(contact, in: kind, now: now) }
        switch query {
        case .ping: reply(.response(DHTResponse(id: family.table.id)), message.transactionID, to: source, now: now)
        case .findNode(let target, let want):
            let response = neighbours(of: target, want: want, asker: contact)
            reply(.response(response), message.transactionID, to: source, now: now)
        case .getPeers(let hash, let want, let noSeeds):
            let response = peers(of: hash, noSeeds: noSeeds, want: want, asker: contact, message, now: now)
            reply(.response(response), message.transactionID, to: source, now: now)
        case .announcePeer(let announce):
            reply(keep(announce, from: source, now: now), message.transactionID, to: source, now: now)
        }
    }

    /// A node that asks may be one for the table: it is, once it has answered a question of ours.
    private mutating func meet(_ contact: NodeContact, in kind: DialFamily, now: Instant) {
        families[kind]?.table.asked(by: contact, now: now)
        // The one who speaks names himself; at a private address he is in our own network.
        guard families[kind]?.table.hasRoom(for: contact) == true else { return }
        consider(contact.endpoint, namedFrom: contact.endpoint.address.scope)
    }

    private func neighbours(of target: NodeID, want: WantedFamilies?, asker: NodeContact) -> DHTResponse {
        let kind = DialFamily(of: asker.endpoint.address)
        let want = want ?? (kind == .ipv4 ? .ipv4 : .ipv6)
        let scope = asker.endpoint.address.scope
        func closest(_ family: DialFamily) -> [NodeContact] {
            // Addresses of our own network are no business of the Internet's.
            families[family]?.table.closest(to: target) {
                $0.endpoint != asker.endpoint
                    && ($0.endpoint.address.scope == .public || $0.endpoint.address.scope == scope)
            } ?? []
        }
        let own = families[kind]?.table.id ?? asker.id
        return DHTResponse(
            id: own, nodes: want.contains(.ipv4) ? closest(.ipv4) : nil,
            nodes6: want.contains(.ipv6) ? closest(.ipv6) : nil)
    }

    private mutating func peers(
        of hash: InfoHash, noSeeds: Bool, want: WantedFamilies?, asker: NodeContact, _ message: KRPCMessage,
        now: Instant
    ) -> DHTResponse {
        var response = neighbours(of: NodeID(hash), want: want, asker: asker)
        response.token = tokens.token(for: asker.endpoint.address, hash)
        let isIPv4 = asker.endpoint.address.isIPv4
        let empty = encoded(.response(response), message.transactionID, to: asker.endpoint).count
        let room = (limits.answerBytes - empty - "6:valuesle".utf8.count) / (isIPv4 ? 8 : 21)
        let scope = asker.endpoint.address.scope
        response.values = store.sample(
            of: hash, noSeeds: noSeeds, limit: min(limits.peersInAnswer, room), random: &random, now: now
        ) { $0.address.isIPv4 == isIPv4 && ($0.address.scope == .public || $0.address.scope == scope) }
        return response
    }

    /// Keeps an announced peer: always at the address the packet came from, so that nobody announces another.
    private mutating func keep(_ announce: DHTAnnounce, from source: Endpoint, now: Instant) -> KRPCMessage.Body {
        guard tokens.isValid(announce.token, for: source.address, announce.infoHash) else { return .error(.badToken) }
        let peer = Endpoint(address: source.address, port: announce.port ?? source.port)
        guard rules.refusal(of: peer, namedFrom: peer.address.scope) == nil else {
            return .error(.malformed("bad port"))
        }
        guard store.add(peer, to: announce.infoHash, isSeed: announce.isSeed, now: now) else {
            return .error(KRPCError(code: 202, message: "too many torrents"))
        }
        let own = families[DialFamily(of: source.address)]?.table.id
        return own.map { .response(DHTResponse(id: $0)) } ?? .error(KRPCError(code: 202, message: "no socket"))
    }

    private mutating func reply(
        _ body: KRPCMessage.Body, _ transactionID: [UInt8], to source: Endpoint, now: Instant
    ) {
        guard !isReadOnly else { return }
        let packet = encoded(body, transactionID, to: source)
        guard packet.count <= limits.answerBytes, budget.takeAnswer(packet.count, now: now) else {
            return counts.limited += 1
        }
        counts.answered += 1
        counts.sentBytes += packet.count
        perform(.send(packet, to: source))
    }

    private func encoded(_ body: KRPCMessage.Body, _ transactionID: [UInt8], to source: Endpoint) -> [UInt8] {
        KRPCMessage(transactionID: transactionID, body: body, receiver: source, version: Self.version).encoded()
    }
}
