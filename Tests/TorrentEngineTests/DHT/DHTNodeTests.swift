import ByteCoding
import DHTWire
import Glibc
import Logging
import Metainfo
import Testing

@testable import TorrentEngine

/// Real nodes on loopback.
@Suite struct DHTNodeTests {
    private func node(_ hosts: [String] = ["127.0.0.1"], bootstrap: [String] = [], stateFile: String? = nil) -> DHTNode
    {
        var logger = Logger(label: "dht-test")
        logger.logLevel = .critical
        return DHTNode(
            configuration: DHTConfiguration(
                hosts: hosts, port: 0, bootstrap: bootstrap.compactMap { NodeAddress($0) }, stateFile: stateFile),
            logger: logger)
    }

    private func hash(_ number: UInt8) throws -> InfoHash {
        try #require(InfoHash(bytes: [UInt8](repeating: number, count: 20)))
    }

    private func first(_ stream: AsyncStream<[Endpoint]>) async -> [Endpoint]? {
        for await peers in stream { return peers }
        return nil
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["127.0.0.1", "::1"])
    func threeNodesFindWhatOneAnnounces(host: String) async throws {
        let hub = node([host]), announcer: DHTNode, seeker: DHTNode
        let port: Int
        do {
            port = try await hub.start()
        } catch  where host == "::1" {
            await hub.stop()
            return
        }
        let entry = host == "::1" ? "[::1]:\(port)" : "\(host):\(port)"
        announcer = node([host], bootstrap: [entry])
        seeker = node([host], bootstrap: [entry])
        let hash = try hash(1)
        _ = try await announcer.start()
        _ = try await seeker.start()
        announcer.announce(hash, port: 7_001, isSeed: true)
        let found = await first(seeker.peers(of: hash))
        #expect(found == [Endpoint(address: try #require(IPAddress(host)), port: 7_001)])
        // The hub looks itself up in what it keeps for others.
        #expect(await first(hub.peers(of: hash)) == found)
        for node in [hub, announcer, seeker] { await node.stop() }
    }

    @Test(.timeLimit(.minutes(1)))
    func whatIsAskedBeforeTheStartIsDoneThen() async throws {
        let hub = node()
        let port = try await hub.start()
        let other = node(bootstrap: ["127.0.0.1:\(port)"])
        let hash = try hash(2)
        let stream = other.peers(of: hash)
        other.announce(hash, port: 7_002, isSeed: false)
        _ = try await other.start()
        #expect(await first(stream)?.map(\.port) == [7_002])
        await other.stop()
        await hub.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func aPeersNodeIsTakenUp() async throws {
        let one = node(), other = node()
        let port = try await one.start()
        _ = try await other.start()
        other.add(try #require(Endpoint("127.0.0.1:\(port)")))
        try await eventually { await other.statistics().nodes == 1 }
        try await eventually { await one.statistics().nodes == 1 }
        await one.stop()
        await other.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func theNodesOfATorrentAreTakenUpByTheRules() async throws {
        let one = node(), other = node()
        let port = try await one.start()
        _ = try await other.start()
        let named = try #require(NodeAddress("127.0.0.1:\(port)"))
        // Named by somebody on the Internet it is not asked, named from this machine it is.
        other.add([named], namedFrom: .public)
        other.add([named], namedFrom: .loopback)
        try await eventually { await other.statistics().nodes == 1 }
        #expect(await one.statistics().received <= 3)
        await one.stop()
        await other.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func nodesAreKnownAgainAfterARestart() async throws {
        let path = "/tmp/reelswarm-dht-\(UInt64.random(in: 0...UInt64.max))"
        defer { unlink(path) }
        let hub = node()
        let port = try await hub.start()
        let first = node(bootstrap: ["127.0.0.1:\(port)"], stateFile: path)
        _ = try await first.start()
        try await eventually { await first.statistics().nodes == 1 }
        await first.stop()
        let state = DHTStateFile(path: path).load()
        #expect(state.nodes.map(\.endpoint.port) == [UInt16(port)])
        #expect(state.ids.count == 1)
        let second = node(stateFile: path)
        _ = try await second.start()
        try await eventually { await second.statistics().nodes == 1 }
        await second.stop()
        await hub.stop()
    }

    @Test func aFileThatIsNoneOfOursIsNothingKnown() throws {
        let path = "/tmp/reelswarm-dht-\(UInt64.random(in: 0...UInt64.max))"
        defer { unlink(path) }
        #expect(DHTStateFile(path: path).load() == DHTState())
        #expect(!DHTStateFile(path: "/nowhere/at/all").save(DHTState()))
        var state = DHTState()
        state.nodes = [NodeContact(id: NodeID(1, 2, 3), endpoint: .node(1))]
        #expect(DHTStateFile(path: path).save(state))
        #expect(DHTStateFile(path: path).load() == state)
    }

    @Test(.timeLimit(.minutes(1)))
    func stoppingEndsTheStreams() async throws {
        let lone = node()
        _ = try await lone.start()
        let stream = lone.peers(of: try hash(3))
        await lone.stop()
        #expect(await first(stream) == nil)
        #expect(await first(lone.peers(of: try hash(3))) == nil)
        await lone.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func aTakenPortIsAnError() async throws {
        let one = node()
        let port = try await one.start()
        let other = node()
        await #expect(throws: (any Error).self) { try await other.start(port: port) }
        await other.stop()
        await one.stop()
    }
}
