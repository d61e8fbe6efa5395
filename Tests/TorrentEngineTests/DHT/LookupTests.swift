import ByteCoding
import DHTWire
import Testing

@testable import TorrentEngine

@Suite struct LookupTests {
    private let target = NodeID(0x5555_0000_0000_0000, 5, 5)

    private func contact(_ number: Int, sharing bits: Int) -> NodeContact {
        NodeContact(id: target.near(bits, UInt32(number)), endpoint: .node(number))
    }

    private func asked(_ lookup: inout Lookup) -> [Endpoint] {
        var asked: [Endpoint] = []
        while let node = lookup.next(mayAsk: { _ in true }) { asked.append(node.endpoint) }
        return asked
    }

    @Test func threeAreAskedAtOnceNearestFirst() {
        var lookup = Lookup(target: target)
        lookup.add(known: (0..<10).map { contact($0, sharing: $0) })
        #expect(asked(&lookup) == [9, 8, 7].map { .node($0) })
        lookup.answered(.node(9), as: contact(9, sharing: 9).id, token: nil)
        #expect(asked(&lookup) == [.node(6)])
        lookup.isSlow(.node(8))
        #expect(asked(&lookup) == [.node(5)])
        #expect(!lookup.isDone)
    }

    @Test func itEndsWhenTheNearestHaveAnswered() {
        var lookup = Lookup(target: target)
        lookup.add(named: (0..<16).map { contact($0, sharing: $0) })
        lookup.add(named: (16..<30).map { contact($0, sharing: $0) })
        var questions = 0
        while let node = lookup.next(mayAsk: { _ in true }) {
            questions += 1
            guard let id = node.id else { continue }
            lookup.answered(node.endpoint, as: id, token: [1])
        }
        #expect(lookup.isDone)
        // None of these ids belongs to its address, so the window is twice eight wide.
        #expect(questions == 16)
        #expect(lookup.nearest.count == 4)
    }

    @Test func nobodyIsAskedWhomTheLimitsSpare() {
        var lookup = Lookup(target: target)
        lookup.add(known: [contact(1, sharing: 5)])
        #expect(lookup.next(mayAsk: { _ in false }) == nil)
        #expect(!lookup.isDone)
        #expect(lookup.next(mayAsk: { _ in true }) != nil)
    }

    @Test func aLostPacketIsRepeatedToANodeWeKnow() {
        var lookup = Lookup(target: target)
        lookup.add(known: [contact(1, sharing: 5)])
        lookup.add(named: [contact(2, sharing: 6)])
        #expect(asked(&lookup) == [.node(2), .node(1)])
        lookup.failed(.node(1))
        lookup.failed(.node(2))
        #expect(asked(&lookup) == [.node(1)])
        lookup.failed(.node(1))
        #expect(asked(&lookup).isEmpty)
        #expect(lookup.isDone)
    }

    @Test func aNodeUnderAnotherIDThanWasSaidBelongsElsewhere() {
        var lookup = Lookup(target: target)
        lookup.add(named: [contact(1, sharing: 100)])
        _ = asked(&lookup)
        lookup.answered(.node(1), as: target.near(2), token: [1])
        #expect(lookup.candidates.first?.id == target.near(2))
        #expect(lookup.answers == 1)
    }

    @Test func oneNodeForEachAddressAndNetwork() {
        var lookup = Lookup(target: target)
        lookup.add(named: [contact(1, sharing: 5)])
        lookup.add(named: [NodeContact(id: target.near(9), endpoint: .node(1, port: 9_999))])
        lookup.add(named: [
            NodeContact(id: target.near(10), endpoint: Endpoint(address: IPAddress(v4: 0x1500_01aa), port: 6881))
        ])
        #expect(lookup.candidates.count == 1)
        _ = asked(&lookup)
        lookup.failed(.node(1))
        // Now that the name was false, another of the address gets its chance.
        lookup.add(named: [NodeContact(id: target.near(9), endpoint: .node(1, port: 9_999))])
        #expect(asked(&lookup) == [.node(1, port: 9_999)])
    }

    @Test func namesWithoutEndAreBounded() {
        var lookup = Lookup(target: target)
        var number = 0
        var questions = 0
        lookup.add(named: [contact(0, sharing: 3)])
        while let node = lookup.next(mayAsk: { _ in true }) {
            questions += 1
            lookup.answered(node.endpoint, as: target.near(min(159, 10 + questions)), token: nil)
            // Every answer names sixteen nearer ones that exist no more than the others.
            lookup.add(
                named: (0..<40).map { offset in
                    NodeContact(
                        id: target.near(min(159, 11 + questions), UInt32(offset)), endpoint: .node(number + offset + 1))
                })
            number += 40
        }
        #expect(questions <= Lookup.maximumQuestions)
        #expect(lookup.candidates.count <= 130)
        #expect(lookup.isDone)
    }

    @Test func aNodeToBeginWithIsAskedThoughItsIDIsUnknown() {
        var lookup = Lookup(target: target)
        lookup.add(entry: .node(1))
        lookup.add(entry: .node(1))
        #expect(asked(&lookup) == [.node(1)])
        lookup.answered(.node(1), as: target.near(4), token: nil)
        #expect(lookup.answers == 1)
    }

    @Test func withoutNodesItIsDone() { #expect(Lookup(target: target).isDone) }
}
