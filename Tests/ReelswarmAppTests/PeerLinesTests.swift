import ByteCoding
import Metainfo
import Site
import Testing

@testable import ReelswarmApp
@testable import TorrentEngine
@testable import TrackerServer

@Suite struct PeerLinesTests {
    private func announced(_ endpoint: String, isSeeder: Bool = false, isPartialSeed: Bool = false) throws -> SwarmPeer
    {
        SwarmPeer(
            endpoint: try #require(Endpoint(endpoint)), isSeeder: isSeeder, isPartialSeed: isPartialSeed, silentFor: 7,
            client: "-XX0001-", progress: 0.25, uploaded: 100, downloaded: 200)
    }

    private func connected(_ endpoint: String, progress: Double = 0.5) throws -> PeerStatus {
        PeerStatus(
            endpoint: try #require(Endpoint(endpoint)), client: "Client 1", progress: progress, uploaded: 300,
            uploadRate: 10, isChoked: false, isInterested: true, isIncoming: true, connectedFor: 5)
    }

    @Test func aPeerKnownBothWaysIsOneLine() throws {
        let lines = PeerLines(
            announced: [try announced("192.0.2.1:6881")], connected: [try connected("192.0.2.1:6881")]
        ).all
        #expect(
            lines == [
                PeerLine(
                    endpoint: try #require(Endpoint("192.0.2.1:6881")), client: "Client 1", progress: 0.5,
                    uploaded: 100,
                    downloaded: 200, sent: 300, rate: 10, lastSeen: 7, role: .leecher, source: .both)
            ])
    }

    /// Whoever connects to us comes from a port that nobody announces.
    @Test func aPeerThatConnectedToUsIsFoundByItsAddress() throws {
        let lines = PeerLines(
            announced: [try announced("192.0.2.1:6881"), try announced("192.0.2.2:6881")],
            connected: [try connected("192.0.2.1:50000")]
        ).all
        #expect(lines.map(\.endpoint.description) == ["192.0.2.1:6881", "192.0.2.2:6881"])
        #expect(lines.map(\.source) == [.both, .announced])
    }

    /// Several behind one address cannot be told apart, so none is taken for another.
    @Test func peersBehindOneAddressStayApart() throws {
        let lines = PeerLines(
            announced: [try announced("192.0.2.1:6881"), try announced("192.0.2.1:6882")],
            connected: [try connected("192.0.2.1:50000")]
        ).all
        #expect(lines.count == 3 && lines.map(\.source) == [.connected, .announced, .announced])
        #expect(lines.first?.lastSeen == nil)
    }

    @Test func rolesAreWhatPeersSaid() throws {
        let lines = PeerLines(
            announced: [
                try announced("192.0.2.1:1", isSeeder: true), try announced("192.0.2.2:1", isPartialSeed: true),
                try announced("[2001:db8::1]:1"),
            ], connected: [try connected("192.0.2.4:1", progress: 1)]
        ).all
        #expect(lines.map(\.role) == [.seeder, .seeder, .partialSeed, .leecher])
        #expect(lines.map(\.progress) == [1, 1, 0.25, 0.25])
        #expect(lines.map(\.isIPv6) == [false, false, false, true])
    }
}
