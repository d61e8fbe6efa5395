import ByteCoding
import Testing
import TrackerWire

@testable import TrackerServer

/// The rule as a tracker follows it.
@Suite struct HandOutPolicyTests {
    private func tracker(_ rule: HandOutRule) -> Tracker {
        makeTracker(TrackerConfiguration(hosts: ["127.0.0.1"], policy: TrackerPolicy(handOut: rule)))
    }

    private func announce(_ tracker: Tracker, _ number: Int, uploaded: UInt64, numWant: Int = 0)
        throws -> [String]
    {
        var request = Peer(id: number, ip: "9.0.0.\(number)", numWant: numWant).request
        request.uploaded = uploaded
        let source = Endpoint(address: address("9.0.0.\(number)"), port: 50_000)
        return try tracker.announce(
            request, from: source, localAddress: address("127.0.0.1"), transport: .http
        ).get().peers.map(\.description)
    }

    @Test func theRuleIsFollowedAtOnce() throws {
        let tracker = tracker(.uploaders)
        for number in 1...40 { _ = try announce(tracker, number, uploaded: UInt64(number) << 30) }
        #expect(
            try announce(tracker, 99, uploaded: 0, numWant: 2) == ["9.0.0.40:6881", "9.0.0.39:6881"])
        tracker.policy.handOut = .random
        var seen: Set<String> = []
        for _ in 0..<200 { seen.formUnion(try announce(tracker, 99, uploaded: 0, numWant: 2)) }
        #expect(seen.count == 40)
    }

    @Test func claimsCountNoMoreThanOurSeederSaw() throws {
        let tracker = tracker(.uploaders)
        for number in 1...40 { _ = try announce(tracker, number, uploaded: UInt64(number) << 20) }
        _ = try announce(tracker, 50, uploaded: .max)
        #expect(try announce(tracker, 99, uploaded: 0, numWant: 1) == ["9.0.0.50:6881"])
        tracker.setUploadCeiling(.of(1), bytes: 1 << 20)
        var seen: Set<String> = []
        for _ in 0..<200 { seen.formUnion(try announce(tracker, 99, uploaded: 0, numWant: 1)) }
        #expect(seen.count > 20)
        tracker.setUploadCeiling(.of(1), bytes: nil)
        #expect(try announce(tracker, 99, uploaded: 0, numWant: 1) == ["9.0.0.50:6881"])
    }

    @Test(arguments: HandOutRule.allCases) func ourSeederStaysFirst(_ rule: HandOutRule) throws {
        let tracker = tracker(rule)
        tracker.setLocalSeeder(addresses: SeederAddresses(explicit: [address("8.8.8.8")], port: 6881))
        tracker.localSeeding(.of(1), true)
        for number in 1...40 { _ = try announce(tracker, number, uploaded: UInt64(number) << 30) }
        let peers = try announce(tracker, 99, uploaded: 0, numWant: 10)
        #expect(peers.first == "8.8.8.8:6881")
        #expect(peers.count == 10)
    }
}
