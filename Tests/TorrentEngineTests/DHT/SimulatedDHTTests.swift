import ByteCoding
import DHTWire
import Dialling
import Metainfo
import TestSupport
import Testing

@testable import TorrentEngine

/// Two hundred nodes in virtual time.
@Suite struct SimulatedDHTTests {
    private func endpoint(_ number: Int) -> Endpoint {
        // Every node in a network of its own.
        Endpoint(address: IPAddress(v4: 0x1400_0007 + UInt32(number) << 8), port: 6881)
    }

    private func hash(_ number: Int) throws -> InfoHash {
        var generator = SplitMix64(seed: UInt64(number) &* 77 &+ 5)
        return try #require(InfoHash(bytes: (0..<20).map { _ in UInt8.random(in: 0...255, using: &generator) }))
    }

    /// So many honest nodes that have joined through the first two, and liars among them.
    private func network(honest: Int, liars: Int, seed: UInt64) -> VirtualDHT {
        var network = VirtualDHT(seed: seed)
        for number in 0..<honest {
            network.join(endpoint(number), entry: number == 0 ? [] : [endpoint(0), endpoint(1)])
            if number % 10 == 9 { network.run(seconds: 1) }
        }
        for number in 0..<liars { network.addLiar(endpoint(10_000 + number)) }
        network.run(seconds: 20)
        // The liars make themselves known to everybody.
        let ping = KRPCMessage(transactionID: [1, 1], body: .query(sender: NodeID(1, 1, 1), .ping)).encoded()
        for number in 0..<liars {
            for target in network.honest { network.send(ping, from: endpoint(10_000 + number), to: target) }
        }
        network.run(seconds: 20)
        return network
    }

    @Test func whatWasAnnouncedIsFoundInSpiteOfChurnAndLiars() throws {
        var network = network(honest: 180, liars: 20, seed: 1)
        let torrents = 12
        for number in 0..<torrents {
            let hash = try hash(number)
            network.act(endpoint(10 + number)) {
                $0.announce(hash, port: UInt16(2_000 + number), isSeed: true, now: $1)
            }
        }
        network.run(seconds: 30)
        // A fifth of the others dies without a word, and as many come.
        for number in stride(from: 30, to: 180, by: 5) { network.kill(endpoint(number)) }
        for number in 0..<30 { network.join(endpoint(500 + number), entry: [endpoint(0), endpoint(1)]) }
        network.run(seconds: 40)
        for number in 0..<torrents {
            let hash = try hash(number)
            network.act(endpoint(520 + number % 10)) { $0.listen(to: hash, now: $1) }
            network.act(endpoint(41 + number)) { $0.listen(to: hash, now: $1) }
        }
        network.run(seconds: 40)
        for number in 0..<torrents {
            let hash = try hash(number)
            let announced = Endpoint(address: endpoint(10 + number).address, port: UInt16(2_000 + number))
            for seeker in [endpoint(520 + number % 10), endpoint(41 + number)] where network.core(seeker) != nil {
                #expect(network.found[seeker]?[hash] == [announced], "torrent \(number) by \(seeker)")
            }
        }
        // No rule was broken on the way.
        #expect(network.longestPacket <= DHTLimits().answerBytes)
        let peers = network.found.values.flatMap(\.values).flatMap { $0 }
        #expect(peers.allSatisfy { $0.address.scope == .public })
        let seconds = network.time / 1_000
        for (node, bytes) in network.sent where network.core(node) != nil {
            #expect(bytes <= DHTLimits().sentBytesPerSecond * (seconds + 1))
        }
    }

    @Test func nodesLearnTheirAddressAndTakeAnIDThatBelongsToIt() {
        let network = network(honest: 40, liars: 4, seed: 2)
        var right = 0
        for node in network.honest {
            let family = network.core(node)?.families[.ipv4]
            #expect(family?.externalAddress == nil || family?.externalAddress == node.address)
            if family?.table.id.isValid(at: node.address) == true { right += 1 }
        }
        #expect(right >= 36)
    }

    @Test func liarsDoNotFillTheTables() {
        let network = network(honest: 60, liars: 30, seed: 3)
        for node in network.honest {
            let nodes = network.core(node)?.families[.ipv4]?.table.nodes ?? []
            let honest = nodes.count { network.core($0.contact.endpoint) != nil }
            #expect(honest * 3 >= nodes.count)
            #expect(honest >= 10)
            #expect(nodes.allSatisfy { $0.contact.endpoint.address.scope == .public })
        }
    }

    @Test func aNodeThatOnlyAsksFindsAndIsKeptByNobody() throws {
        var network = network(honest: 30, liars: 0, seed: 4)
        let quiet = endpoint(900)
        network.join(quiet, entry: [endpoint(0)], isReadOnly: true)
        let hash = try hash(1)
        network.act(endpoint(5)) { $0.announce(hash, port: 7_777, isSeed: false, now: $1) }
        network.run(seconds: 20)
        network.act(quiet) { $0.listen(to: hash, now: $1) }
        network.run(seconds: 20)
        #expect(network.found[quiet]?[hash] == [Endpoint(address: endpoint(5).address, port: 7_777)])
        for node in network.honest where node != quiet {
            #expect(network.core(node)?.families[.ipv4]?.table.contact(at: quiet) == nil)
        }
        #expect(network.core(quiet)?.counts.answered == 0)
    }

    @Test func whatIsNotRepeatedFades() throws {
        var network = network(honest: 20, liars: 0, seed: 5)
        let hash = try hash(2)
        network.act(endpoint(5)) { $0.announce(hash, port: 7_777, isSeed: false, now: $1) }
        network.run(seconds: 15)
        #expect(network.honest.contains { network.core($0)?.store.torrentCount == 1 })
        network.act(endpoint(5)) { core, _ in core.withdraw(hash) }
        network.run(seconds: 32 * 60)
        #expect(network.honest.allSatisfy { network.core($0)?.store.torrentCount == 0 })
    }

    @Test func anAnnounceIsRepeatedWhileItIsWanted() throws {
        var network = network(honest: 20, liars: 0, seed: 6)
        let hash = try hash(3)
        network.act(endpoint(5)) { $0.announce(hash, port: 7_777, isSeed: false, now: $1) }
        network.run(seconds: 50 * 60)
        #expect(network.honest.count { network.core($0)?.store.torrentCount == 1 } >= 4)
    }

    @Test func aSearchThatFindsNobodyIsRepeatedSoon() throws {
        var network = network(honest: 20, liars: 0, seed: 7)
        let hash = try hash(4)
        network.act(endpoint(3)) { $0.listen(to: hash, now: $1) }
        network.run(seconds: 6)
        #expect(network.found[endpoint(3)]?[hash] == nil)
        network.act(endpoint(5)) { $0.announce(hash, port: 7_777, isSeed: false, now: $1) }
        network.run(seconds: 60)
        #expect(network.found[endpoint(3)]?[hash]?.count == 1)
    }
}
