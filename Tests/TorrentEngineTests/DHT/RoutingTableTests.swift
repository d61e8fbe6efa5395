import ByteCoding
import DHTWire
import Testing

@testable import TorrentEngine

@Suite struct RoutingTableTests {
    private let start = ContinuousClock.now
    private let own = NodeID(1, 2, 3)

    private func contact(_ number: Int, sharing bits: Int = 8, port: UInt16 = 6881) -> NodeContact {
        NodeContact(id: own.near(bits, UInt32(number)), endpoint: .node(number, port: port))
    }

    /// One whose id belongs to its address.
    private func valid(sharing bits: Int) -> NodeContact? {
        for number in 100..<100_000 {
            let random = NodeID(0, 1, UInt32(number % 8))
            let contact = NodeContact(
                id: NodeID(for: Endpoint.node(number).address, random: random), endpoint: .node(number))
            if own.sharedPrefix(with: contact.id) == bits { return contact }
        }
        return nil
    }

    @Test func aBucketHoldsEightAndTheFirstOnesMore() {
        var table = RoutingTable(id: own)
        for number in 0..<40 { table.answered(contact(number, sharing: 20), now: start) }
        #expect(table.count == 8)
        for number in 100..<140 { table.answered(contact(number, sharing: 0), now: start) }
        #expect(table.count == 8 + 32)
    }

    @Test func weAreNotInOurOwnTable() {
        var table = RoutingTable(id: own)
        #expect(table.answered(NodeContact(id: own, endpoint: .node(1)), now: start) == false)
        #expect(!table.hasRoom(for: NodeContact(id: own, endpoint: .node(1))))
        #expect(table.count == 0)
    }

    @Test func oneNodeForEachAddressAndNetwork() throws {
        var table = RoutingTable(id: own)
        #expect(table.answered(contact(1), now: start) == true)
        // Another port of the same address.
        #expect(table.answered(NodeContact(id: own.near(3, 9), endpoint: .node(1, port: 7_000)), now: start) == false)
        // Another address of the same /24, in the same bucket; in another bucket it may be.
        let neighbour = Endpoint(address: IPAddress(v4: 0x1500_01ff), port: 6881)
        #expect(table.answered(NodeContact(id: own.near(8, 77), endpoint: neighbour), now: start) == false)
        #expect(table.answered(NodeContact(id: own.near(9, 77), endpoint: neighbour), now: start) == true)
        #expect(table.count == 2)
        // In IPv6 a line has a /64.
        let first = try #require(Endpoint("[2a00:1:2:3::1]:6881")),
            second = try #require(Endpoint("[2a00:1:2:3::2]:6881"))
        #expect(table.answered(NodeContact(id: own.near(30, 1), endpoint: first), now: start) == true)
        #expect(table.answered(NodeContact(id: own.near(31, 2), endpoint: second), now: start) == false)
    }

    @Test func onLoopbackEveryPortIsSomebody() throws {
        var table = RoutingTable(id: own)
        for port in 1...5 {
            let endpoint = try #require(Endpoint("127.0.0.1:600\(port)"))
            #expect(table.answered(NodeContact(id: own.near(5, UInt32(port)), endpoint: endpoint), now: start) == true)
        }
        #expect(table.count == 5)
    }

    @Test func anIDCannotBeTakenOverWhileItsNodeLives() {
        var table = RoutingTable(id: own)
        let node = contact(1)
        table.answered(node, now: start)
        let thief = NodeContact(id: node.id, endpoint: .node(2))
        #expect(table.answered(thief, now: start) == false)
        for _ in 0..<3 { table.failed(at: node.endpoint) }
        #expect(table.answered(thief, now: start) == true)
        #expect(table.nodes.map(\.contact) == [thief])
    }

    @Test func aNodeThatBeganAnewReplacesItself() {
        var table = RoutingTable(id: own)
        table.answered(contact(1, sharing: 4), now: start)
        let anew = contact(1, sharing: 9)
        #expect(table.answered(anew, now: start) == true)
        #expect(table.nodes.map(\.contact) == [anew])
    }

    @Test func aBadNodeGivesItsPlaceToOneThatWaits() {
        var table = RoutingTable(id: own)
        for number in 0..<9 { table.answered(contact(number, sharing: 20), now: start) }
        #expect(table.contact(at: .node(8)) == nil)
        for _ in 0..<3 { table.failed(at: .node(3)) }
        #expect(table.contact(at: .node(3)) == nil)
        #expect(table.contact(at: .node(8)) != nil)
        #expect(table.count == 8)
    }

    @Test func withoutOneThatWaitsABadNodeStaysAWhileButIsNotHandedOut() {
        var table = RoutingTable(id: own)
        table.answered(contact(1), now: start)
        for _ in 0..<3 { table.failed(at: .node(1)) }
        #expect(table.count == 1)
        #expect(table.closest(to: own).isEmpty)
        table.answered(contact(1), now: start)
        #expect(table.closest(to: own).count == 1)
        for _ in 0..<5 { table.failed(at: .node(1)) }
        #expect(table.count == 0)
    }

    @Test func anIDThatBelongsToItsAddressIsPreferred() throws {
        var table = RoutingTable(id: own)
        for number in 0..<8 { table.answered(contact(number, sharing: 3), now: start) }
        let good = try #require(valid(sharing: 3))
        #expect(table.hasRoom(for: good))
        #expect(table.answered(good, now: start) == true)
        #expect(table.count == 8)
        #expect(!table.hasRoom(for: contact(51, sharing: 3)))
    }

    @Test func theNearestComeFirst() {
        var table = RoutingTable(id: own)
        for bits in 1..<60 { table.answered(contact(bits, sharing: bits), now: start) }
        let nearest = table.closest(to: own)
        #expect(nearest.map { own.sharedPrefix(with: $0.id) } == Array((52..<60).reversed()))
        #expect(table.closest(to: own, count: 3).count == 3)
    }

    @Test func aNodeNotHeardOfForAQuarterOfAnHourIsAsked() {
        var table = RoutingTable(id: own)
        table.answered(contact(1), now: start)
        table.answered(contact(2), now: start + .seconds(60))
        #expect(table.questionable(now: start + .seconds(899)) == nil)
        #expect(table.questionable(now: start + .seconds(901)) == contact(1))
        table.asked(by: contact(1), now: start + .seconds(902))
        #expect(table.questionable(now: start + .seconds(961)) == contact(2))
    }

    @Test func everyBucketIsRefreshedOnceInAQuarterOfAnHour() {
        var table = RoutingTable(id: own)
        table.answered(contact(1, sharing: 3), now: start)
        var refreshed: [Int] = []
        while let target = table.refreshTarget(random: NodeID(9, 9, 9), now: start) {
            refreshed.append(own.sharedPrefix(with: target))
        }
        #expect(refreshed == [0, 1, 2, 3])
        table.touch(own.near(2), now: start + .seconds(600))
        #expect(table.refreshTarget(random: NodeID(9, 9, 9), now: start + .seconds(899)) == nil)
        #expect(table.refreshTarget(random: NodeID(9, 9, 9), now: start + .seconds(900)) != nil)
    }

    @Test func withAnotherIDTheNodesStay() {
        var table = RoutingTable(id: own)
        for number in 0..<20 { table.answered(contact(number, sharing: number), now: start) }
        let moved = table.moved(to: NodeID(0xffff_0000_0000_0000, 0, 0))
        #expect(Set(moved.nodes.map(\.contact)) == Set(table.nodes.map(\.contact)))
    }
}
