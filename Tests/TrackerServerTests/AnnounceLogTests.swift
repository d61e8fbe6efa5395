import ByteCoding
import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

@Suite struct AnnounceLogTests {
    private let clock = TestClock()
    private let tracker: Tracker

    init() { tracker = makeTracker(clock: clock) }

    private func acts(_ filter: AnnounceFilter = AnnounceFilter()) -> [AnnounceAct] {
        tracker.announces(matching: filter).map(\.act)
    }

    @Test func everyActHasItsName() {
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", event: .started))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", event: .paused))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .completed))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", left: 0, event: .stopped))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: .of(9)))
        #expect(acts() == [.refused, .exit, .update, .complete, .update, .need, .register])
    }

    @Test func aRecordTellsWhatTheAnnounceSaid() throws {
        tracker.announce(Peer(id: 2, ip: "8.0.0.2"))
        clock.advance(7)
        var request = Peer(id: 1, ip: "8.0.0.1", port: 7000, left: 5).request
        (request.uploaded, request.downloaded) = (3, 4)
        _ = tracker.announce(
            request, from: Endpoint(address: address("8.0.0.1"), port: 1), localAddress: address("127.0.0.1"),
            transport: .http)
        let records = tracker.announces()
        let record = try #require(records.first)
        #expect(record.hash == .of(1) && record.endpoint.description == "8.0.0.1:7000")
        #expect(record.client == "-XX0001-" && record.act == .need && record.transport == .http)
        #expect((record.uploaded, record.downloaded, record.left) == (3, 4, 5))
        #expect(record.given == 1 && record.refusal == nil)
        #expect(record.at - (records.last?.at ?? 0) == 7)
    }

    @Test func refusalsAreToldInTheTrackersWords() {
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", hash: .of(9)))
        tracker.refuse(.of(1), reason: .removed)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        #expect(tracker.announces().map(\.refusal) == ["This torrent was removed.", "unregistered torrent"])
    }

    @Test func filters() {
        tracker.allow(.of(2))
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", event: .started))
        tracker.announce(Peer(id: 2, ip: "2600::2", event: .started, hash: .of(2)), over: .udp)
        tracker.announce(Peer(id: 3, ip: "8.0.0.19"), over: .udp)
        func found(_ filter: AnnounceFilter) -> [String] {
            tracker.announces(matching: filter).map(\.endpoint.address.description)
        }
        #expect(found(AnnounceFilter()) == ["8.0.0.19", "2600::2", "8.0.0.1"])
        #expect(found(AnnounceFilter(hash: .of(2))) == ["2600::2"])
        #expect(found(AnnounceFilter(act: .register)) == ["2600::2", "8.0.0.1"])
        #expect(found(AnnounceFilter(transport: .udp)) == ["8.0.0.19", "2600::2"])
        #expect(found(AnnounceFilter(text: "8.0.0.1")) == ["8.0.0.19", "8.0.0.1"])
        #expect(found(AnnounceFilter(text: "2600")) == ["2600::2"])
        #expect(found(AnnounceFilter(text: "xx0001")).count == 3)
        #expect(found(AnnounceFilter(text: "qB")).isEmpty)
        #expect(found(AnnounceFilter(act: .register, transport: .udp)) == ["2600::2"])
        #expect(tracker.announces(limit: 2).count == 2 && tracker.announces(limit: 0).isEmpty)
    }

    @Test func unprintableClientsAreDots() throws {
        var request = Peer(id: 1, ip: "8.0.0.1").request
        request.peerID = try #require(
            PeerID(bytes: [1, 10, 65, 255, 60, 127, 32, 66] + [UInt8](repeating: 0, count: 12)))
        _ = tracker.announce(
            request, from: Endpoint(address: address("8.0.0.1"), port: 1), localAddress: address("127.0.0.1"),
            transport: .http)
        #expect(tracker.announces().first?.client == "..A.<..B")
    }

    @Test func theLatestAreKept() {
        for number in 0..<AnnounceLog.capacity + 10 {
            tracker.announce(Peer(id: number, ip: "8.0.0.1", port: UInt16(1 + number), event: .stopped))
        }
        let ports = tracker.announces(limit: .max).map { Int($0.endpoint.port) }
        #expect(ports == Array((11...AnnounceLog.capacity + 10).reversed()))
    }

    @Test func nothingIsKeptWhenThePolicySaysSo() {
        tracker.policy.logsAnnounces = false
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"))
        #expect(tracker.announces().isEmpty)
        #expect(tracker.evidence.lastAnnounce?.seconds == 0)
        tracker.policy.logsAnnounces = true
        tracker.announce(Peer(id: 1, ip: "8.0.0.1", event: .stopped))
        #expect(acts() == [.exit])
    }

    @Test func evidence() {
        #expect(tracker.evidence.lastAnnounce == nil && tracker.evidence.lastPublicAnnounce == nil)
        tracker.announce(Peer(id: 1, ip: "8.0.0.1"), over: .udp)
        clock.advance(30)
        for ip in ["127.0.0.1", "10.0.0.1", "fe80::1"] { tracker.announce(Peer(id: 2, ip: ip)) }
        clock.advance(5)
        #expect(tracker.evidence.lastPublicAnnounce == .init(seconds: 35, transport: .udp))
        #expect(tracker.evidence.lastAnnounce == .init(seconds: 5, transport: .http))
    }

    @Test func announcesASecond() {
        #expect(tracker.evidence.announcesPerSecond == 0)
        for _ in 0..<10 {
            for _ in 0..<20 { tracker.announce(Peer(id: 1, ip: "8.0.0.1")) }
            clock.advance(1)
        }
        #expect(tracker.evidence.announcesPerSecond == 20)
        clock.advance(61)
        #expect(tracker.evidence.announcesPerSecond == 0)
    }

    /// Writers in many threads and a reader among them: every record is a whole one.
    @Test func recordsAreWhole() async {
        await withTaskGroup(of: Void.self) { group in
            for writer in 1...4 {
                group.addTask { @concurrent [tracker] in
                    for number in 0..<5_000 {
                        let peer = Peer(id: writer, ip: "8.0.0.\(writer)", port: UInt16(writer), left: UInt64(number))
                        tracker.announce(peer)
                    }
                }
            }
            group.addTask { @concurrent [tracker] in
                for _ in 0..<20 {
                    for record in tracker.announces(limit: 500) {
                        #expect(record.endpoint.description == "8.0.0.\(record.endpoint.port):\(record.endpoint.port)")
                    }
                }
            }
        }
        #expect(tracker.announces(limit: .max).count == AnnounceLog.capacity)
    }
}
