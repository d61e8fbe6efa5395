import ByteCoding
import Foundation
import Logging
import Metainfo
import Testing
import TrackerWire

@testable import TrackerServer

/// The real sockets, on loopback.
@Suite(.timeLimit(.minutes(1))) struct UDPServerTests {
    private func started(_ hosts: [String]) async throws -> (Tracker, Int)? {
        let tracker = Tracker(
            configuration: TrackerConfiguration(hosts: hosts), logger: Logger(label: "test"))
        tracker.allow(.of(1))
        do {
            return (tracker, try await tracker.start(port: 0))
        } catch TrackerError.cannotBind(let endpoint, _) where !endpoint.address.isIPv4 {
            print("skipped: no IPv6 loopback")
            return nil
        }
    }

    @Test(arguments: ["127.0.0.1", "::1"]) func announcesAndScrapes(_ host: String) async throws {
        guard let (tracker, port) = try await started([host]) else { return }
        defer { tracker.stop() }
        let client = try UDPClient(to: host, port: port)
        let id = try client.connect()
        let peer = Peer(id: 1, ip: host, event: .started)
        guard case .announce(7, let first) = try client.announce(peer, id: id) else {
            Issue.record("no answer to an announce")
            return
        }
        #expect(first.leechers == 1 && first.peers.isEmpty)
        tracker.announce(Peer(id: 2, ip: host, port: 7000))
        guard case .announce(7, let second) = try client.announce(peer, id: id) else { return }
        #expect(second.peers.map(\.port) == [7000])
        #expect(tracker.peers(of: .of(1)).contains { $0.endpoint.address == address(host) && $0.endpoint.port == 6881 })
        _ = try client.announce(Peer(id: 1, ip: host, event: .stopped), id: id)
        #expect(tracker.counts(.of(1)).leechers == 1)
    }

    /// What is bad is passed over in silence: the next answer belongs to the next good request.
    @Test func badRequestsMeetSilence() async throws {
        guard let (tracker, port) = try await started(["127.0.0.1"]) else { return }
        defer { tracker.stop() }
        let client = try UDPClient(to: "127.0.0.1", port: port)
        let id = try client.connect()
        for packet in [[], [1], [UInt8](repeating: 0, count: 98), [UInt8](repeating: 255, count: 3000)] {
            try client.send(packet)
        }
        try client.send(client.announcePacket(Peer(id: 1, ip: "127.0.0.1"), id: ~id))
        guard case .announce(7, _) = try client.announce(Peer(id: 1, ip: "127.0.0.1"), id: id) else {
            Issue.record("something else was answered")
            return
        }
        #expect(tracker.counts(.of(1)).leechers == 1)
    }

    /// On a socket for all addresses the answer comes from the address that was asked, and that is the seeder's.
    @Test func answersLeaveFromTheAddressThatWasAsked() async throws {
        guard let (tracker, port) = try await started(["0.0.0.0"]) else { return }
        defer { tracker.stop() }
        tracker.setLocalSeeder(addresses: SeederAddresses(port: 6999))
        tracker.localSeeding(.of(1), true)
        // A connected socket takes datagrams from the other end's address only.
        let client = try UDPClient(to: "127.0.0.5", port: port)
        let id = try client.connect()
        guard case .announce(7, let answer) = try client.announce(Peer(id: 1, ip: "127.0.0.1"), id: id) else { return }
        #expect(answer.peers.map(\.description) == ["127.0.0.5:6999"])
        #expect(answer.seeders == 1)
    }

    @Test func bothFamiliesShareAPort() async throws {
        guard let (tracker, port) = try await started(["0.0.0.0", "::"]) else { return }
        defer { tracker.stop() }
        for host in ["127.0.0.1", "::1"] {
            guard let client = try? UDPClient(to: host, port: port) else { continue }
            #expect(try client.connect() != 0)
        }
    }

    @Test func manyClientsAtOnce() async throws {
        guard let (tracker, port) = try await started(["127.0.0.1"]) else { return }
        defer { tracker.stop() }
        let clients = try (0..<100).map { _ in try UDPClient(to: "127.0.0.1", port: port) }
        let ids = try clients.map { try $0.connect() }
        for (number, client) in clients.enumerated() {
            let peer = Peer(id: number, ip: "127.0.0.1", port: UInt16(10_000 + number))
            _ = try client.announce(peer, id: ids[number])
        }
        #expect(tracker.counts(.of(1)).leechers == 100)
    }

    /// Several sockets share the port; clients are told apart by none of them.
    @Test func workersShareAPort() async throws {
        let tracker = Tracker(
            configuration: TrackerConfiguration(hosts: ["127.0.0.1"], workersPerHost: 4), logger: Logger(label: "test"))
        tracker.allow(.of(1))
        let port = try await tracker.start(port: 0)
        defer { tracker.stop() }
        // An id from one socket is good at every other.
        let id = try UDPClient(to: "127.0.0.1", port: port).connect()
        for number in 0..<40 {
            let client = try UDPClient(to: "127.0.0.1", port: port)
            let peer = Peer(id: number, ip: "127.0.0.1", port: UInt16(10_000 + number))
            guard case .announce(7, _) = try client.announce(peer, id: id) else {
                Issue.record("no answer to an announce")
                return
            }
        }
        #expect(tracker.counts(.of(1)).leechers == 40)
        let second = makeTracker(TrackerConfiguration(hosts: ["127.0.0.1"], workersPerHost: 4))
        await #expect(throws: TrackerError.self) { try await second.start(port: port) }
    }

    /// A scrape beyond the cap, beyond the buffer even, is answered for as many torrents as are allowed.
    @Test(arguments: [75, 101, 120]) func longScrapesAreCut(_ count: Int) async throws {
        guard let (tracker, port) = try await started(["127.0.0.1"]) else { return }
        defer { tracker.stop() }
        let client = try UDPClient(to: "127.0.0.1", port: port)
        var packet: [UInt8] = []
        UDPRequest.appendScrape([.of(1)], connectionID: try client.connect(), transactionID: 9, to: &packet)
        for _ in 1..<count { InfoHash.of(1).append(to: &packet) }
        try client.send(packet)
        let none = ScrapeCounts(complete: 0, downloaded: 0, incomplete: 0)
        #expect(try client.receive() == .scrape(transactionID: 9, Array(repeating: none, count: 74)))
    }

    /// K04, and that a stopped tracker lets its port go.
    @Test func aPortIsTakenOnceAndLetGo() async throws {
        guard let (tracker, port) = try await started(["127.0.0.1"]) else { return }
        let second = makeTracker()
        await #expect(throws: TrackerError.self) { try await second.start(port: port) }
        await #expect(throws: TrackerError.alreadyStarted) { try await tracker.start(port: 0) }
        tracker.stop()
        let third = makeTracker()
        #expect(try await third.start(port: port) == port)
        third.stop()
    }

    @Test func runEndsWhenStopped() async throws {
        guard let (tracker, _) = try await started(["127.0.0.1"]) else { return }
        let running = Task { try await tracker.run() }
        tracker.stop()
        try await running.value
        let cancelled = makeTracker()
        _ = try await cancelled.start(port: 0)
        let task = Task { try await cancelled.run() }
        task.cancel()
        try await task.value
    }

    @Test func badConfigurations() async {
        let named = makeTracker(TrackerConfiguration(hosts: ["localhost"]))
        await #expect(throws: TrackerError.badHost("localhost")) { try await named.start(port: 0) }
        let none = makeTracker(TrackerConfiguration(hosts: []))
        await #expect(throws: TrackerError.noHosts) { try await none.start(port: 0) }
        await #expect(throws: TrackerError.badPort(65_536)) { try await none.start(port: 65_536) }
    }
}
