import ByteCoding
import Glibc
import Logging
import Metainfo
import Site
import Testing
import TrackerServer

@testable import ReelswarmApp

@Suite(.serialized) struct DeskConnectivityTests {
    /// One family is enough, whichever it is.
    @Test(arguments: ["127.0.0.1", "::1"])
    func everyWayWorks(_ host: String) async throws {
        try await DeskFixture.with(host: host) { fixture in
            let before = fixture.tracker.counts(fixture.hash)
            let checks = await fixture.test().run()
            #expect(checks.map(\.part) == ConnectivityCheck.Part.allCases)
            for check in checks {
                #expect(check.passed == true, "\(check.part): \(check.sentence)")
                #expect(check.milliseconds != nil && !check.target.isEmpty)
            }
            // It was never in the swarm.
            #expect(fixture.tracker.counts(fixture.hash) == before && before.seeders == 1)
            #expect(fixture.tracker.peers(of: fixture.hash).isEmpty)
            #expect(fixture.tracker.drainCompleted().isEmpty)
        }
    }

    @Test func aSecondAddressThatIsDeadDoesNotMatter() async throws {
        try await DeskFixture.with { fixture in
            var links = fixture.links
            links.seeders.insert(try #require(Endpoint("127.0.0.1:1")), at: 0)
            let checks = await fixture.test(links).run()
            #expect(checks.allSatisfy { $0.passed == true }, "\(checks)")
        }
    }

    @Test func closedPortsFailWithAdvice() async throws {
        try await DeskFixture.with { fixture in
            let links = ConnectivityLinks(
                udpAnnounce: "udp://127.0.0.1:1/announce", httpAnnounce: "http://127.0.0.1:1/announce",
                webSeed: "http://127.0.0.1:1/media/film.mp4", seeders: [try #require(Endpoint("127.0.0.1:1"))], size: 9)
            let checks = await fixture.test(links, patience: .seconds(2)).run()
            #expect(checks.count == 5 && checks.allSatisfy { $0.passed == false })
            #expect(checks[0].sentence.contains("Forward port 1 (UDP)"), "\(checks[0])")
            #expect(checks[1].sentence.contains("Forward port 1 (TCP)"), "\(checks[1])")
            #expect(checks[2].sentence.contains("connection refused"), "\(checks[2])")
            #expect(checks[4].sentence.contains("Forward the web port"), "\(checks[4])")
        }
    }

    /// A port that takes connections and says nothing, as a firewall's trap does.
    @Test func silenceEnds() async throws {
        let silent = try SilentPort()
        defer { silent.close() }
        try await DeskFixture.with { fixture in
            let target = "127.0.0.1:\(silent.port)"
            let links = ConnectivityLinks(
                udpAnnounce: "udp://\(target)/announce", httpAnnounce: "http://\(target)/announce",
                webSeed: "http://\(target)/film.mp4", seeders: [try #require(Endpoint(target))], size: 9)
            let checks = await fixture.test(links, patience: .seconds(1)).run()
            #expect(checks.count == 5 && checks.allSatisfy { $0.passed == false }, "\(checks)")
            #expect(checks[2].sentence.hasPrefix("Nothing answered."), "\(checks[2])")
        }
    }

    @Test func aFilmThatIsNotOursIsRefused() async throws {
        try await DeskFixture.with { fixture in
            let other = try #require(InfoHash(hex: String(repeating: "ab", count: 20)))
            let checks = await fixture.test(of: other).run()
            #expect(checks.map(\.passed) == [false, false, false, false, true])
            #expect(checks[0].sentence.hasPrefix("It was reached, but refused: "))
            #expect(checks[2].sentence.contains("does not shake hands for this film"), "\(checks[2])")
        }
    }

    /// Another program on the peer port.
    @Test func aWebServerIsNoSeeder() async throws {
        try await DeskFixture.with { fixture in
            var links = fixture.links
            let port = try #require(links.webSeed.split(separator: ":").last?.prefix { $0 != "/" })
            links.seeders = [try #require(Endpoint("127.0.0.1:\(port)"))]
            let checks = await fixture.test(links).run()
            #expect(checks.map(\.passed) == [true, true, false, false, true], "\(checks)")
        }
    }

    @Test(arguments: [DeskFixture.WebSeed.whole, .missing])
    func aWebSeedThatCannotDoRanges(_ kind: DeskFixture.WebSeed) async throws {
        try await DeskFixture.with(webSeed: kind) { fixture in
            let seed = try #require(await fixture.test().run().last)
            #expect(seed.passed == false && seed.sentence.contains("Range"), "\(seed)")
        }
    }

    @Test func linksThatAreNoneAreNotTried() async throws {
        try await DeskFixture.with { fixture in
            var links = fixture.links
            links.udpAnnounce = "udp://no-port/announce"
            links.seeders = []
            let checks = await fixture.test(links).run()
            #expect(checks.map(\.passed) == [nil, true, false, false, true])
            #expect(checks[2].sentence.contains("--peer-address"))
        }
    }

    @Test func theDeskShowsLogEvidenceAndSums() async throws {
        try await DeskFixture.with { fixture in
            let state = TrackerState(url: "udp://a.example:1/announce", torrents: 3)
            let desk = TrackerDeskAdapter(
                tracker: fixture.tracker, lastInboundPeer: { 5 }, outsideStates: { [state] },
                logger: Logger(label: "desk-test"))
            #expect(desk.outsideTrackers() == [state] && desk.tracked().torrents == 1 && desk.tracked().seeders == 1)
            let checks = await desk.testConnectivity(fixture.hash, links: fixture.links)
            #expect(checks.allSatisfy { $0.passed == true }, "\(checks)")
            // The test's own announces are in the log as what they are.
            let lines = desk.announces(AnnounceLineFilter(), limit: 10)
            #expect(lines.count == 2 && lines.allSatisfy { $0.act == .exit && $0.client == "-RS0000-" })
            #expect(Set(lines.map(\.transport)) == [.udp, .http])
            #expect(desk.announces(AnnounceLineFilter(transport: .http), limit: 10).count == 1)
            #expect(desk.announces(AnnounceLineFilter(act: .register), limit: 10).isEmpty)
            #expect(desk.announces(AnnounceLineFilter(text: "-rs"), limit: 1).count == 1)
        }
    }
}

/// A TCP port in whose queue connections are made, and where nobody takes them out.
private struct SilentPort {
    struct Failure: Error {}

    let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard isBound else { throw Failure() }
    }

    func close() { _ = Glibc.close(descriptor) }
}
