import ByteCoding
import Dialling
import Logging
import Metainfo
import Testing
import TrackerClient
import TrackerServer
import TrackerWire

/// BEP 3 and 48 against our own tracker's HTTP side and against trackers that misbehave.
@Suite(.timeLimit(.minutes(1))) struct HTTPTrackerTests {
    static func withFake(
        host: String = "127.0.0.1", rules: DialRules = UDPTrackerTests.rules,
        _ answer: @escaping @Sendable (String) -> (status: Int, body: [UInt8]),
        _ act: (FakeHTTPTracker, TrackerClient) async throws -> Void
    ) async throws {
        let fake = try await FakeHTTPTracker(host: host, answer)
        let client = UDPTrackerTests.client(rules: rules)
        do {
            try await act(fake, client)
        } catch {
            await client.shutdown()
            await fake.close()
            throw error
        }
        await client.shutdown()
        await fake.close()
    }

    static func address(_ fake: FakeHTTPTracker, _ path: String = "/announce") throws -> TrackerAddress {
        try #require(TrackerAddress("http://\(fake.endpoint)\(path)"))
    }

    static func text(_ text: String, status: Int = 200) -> @Sendable (String) -> (status: Int, body: [UInt8]) {
        { _ in (status, Array(text.utf8)) }
    }

    @Test func announcesAndScrapesAtOurTracker() async throws {
        let tracker = Tracker(
            configuration: TrackerConfiguration(hosts: ["127.0.0.1"]), logger: UDPTrackerTests.logger)
        defer { tracker.stop() }
        for number in 1...60 { tracker.allow(.number(number)) }
        let endpoint = HTTPTrackerEndpoint(tracker: tracker)
        let here = try #require(Endpoint("127.0.0.1:5"))
        try await Self.withFake { target in
            let isScrape = target.hasPrefix("/scrape?")
            return (
                200,
                isScrape
                    ? endpoint.scrape(query: query(target))
                    : endpoint.announce(query: query(target), client: here, localAddress: here.address)
            )
        } _: { fake, client in
            let address = try Self.address(fake)
            let answer = try await client.announce(.seeder(), to: address)
            #expect(answer.seeders == 1 && answer.externalIP == here.address)
            let counts = try await client.scrape((1...61).map { .number($0) }, at: address)
            #expect(counts.count == 60 && counts[.number(1)]?.complete == 1)
            #expect(fake.targets.filter { $0.hasPrefix("/scrape") }.count == 3)
            #expect(fake.targets.allSatisfy { $0.utf8.count < 2_100 })
            _ = try await client.announce(.seeder(event: .stopped), to: address)
            #expect(tracker.counts(.number(1)).seeders == 0)
        }
    }

    @Test func queriesAreAddedToWhatTheURLHas() async throws {
        try await Self.withFake(Self.text("d8:intervali900e10:tracker id3:a&be")) { fake, client in
            let address = try Self.address(fake, "/announce?passkey=1")
            let answer = try await client.announce(.seeder(), to: address)
            #expect(answer.trackerID == Array("a&b".utf8))
            _ = try await client.announce(.seeder(), to: address, trackerID: answer.trackerID)
            #expect(fake.targets.allSatisfy { $0.hasPrefix("/announce?passkey=1&info_hash=") })
            #expect(fake.targets.last?.hasSuffix("&trackerid=a%26b") == true)
            await #expect(throws: TrackerClientError.self) { try await client.scrape([.number(1)], at: address) }
            #expect(fake.targets.last?.hasPrefix("/scrape?passkey=1&info_hash=") == true)
        }
    }

    @Test(arguments: [
        ("d14:failure reason11:go away nowe", 200, TrackerClientError.refused(reason: "go away now", retryIn: nil)),
        ("d14:failure reason4:gone8:retry in5:nevere", 404, .refused(reason: "gone", retryIn: .never)),
        ("d14:failure reason4:busy8:retry ini5ee", 200, .refused(reason: "busy", retryIn: .minutes(5))),
        ("d14:failure reason0:e", 200, .refused(reason: "The tracker refused without a reason.", retryIn: nil)),
        ("<html>", 503, .unreachable("The tracker answered with status 503.")),
        ("<html>", 200, .malformed("The tracker's answer cannot be read.")),
        ("d8:completei1ee", 200, .malformed("The tracker's answer has no interval.")),
    ]) func failuresAreTold(body: String, status: Int, error: TrackerClientError) async throws {
        try await Self.withFake(Self.text(body, status: status)) { fake, client in
            let address = try Self.address(fake)
            await #expect(throws: error) { try await client.announce(.seeder(), to: address) }
        }
    }

    @Test func warningsAreCleaned() async throws {
        try await Self.withFake(Self.text("d8:intervali900e15:warning message6:a\u{7}\nb\tce")) { fake, client in
            let answer = try await client.announce(.seeder(), to: try Self.address(fake))
            #expect(answer.warning == "a b c")
        }
    }

    /// Counts of torrents that nobody asked for are not taken.
    @Test func uncalledForCountsAreDropped() async throws {
        let answer = ScrapeAnswer(
            files: [
                .number(1): ScrapeCounts(complete: 1, downloaded: 2, incomplete: 3),
                .number(2): ScrapeCounts(complete: 4, downloaded: 5, incomplete: 6),
            ], minRequestInterval: 600)
        try await Self.withFake { _ in
            (200, HTTPScrape.encode(answer))
        } _: { fake, client in
            let found = try await client.scrapeAnswer([.number(1)], at: try Self.address(fake))
            #expect(found.files.keys.map { $0 } == [.number(1)] && found.minRequestInterval == 600)
        }
    }

    @Test func whatCannotBeScrapedIsNotAsked() async throws {
        try await Self.withFake(Self.text("de")) { fake, client in
            let address = try Self.address(fake, "/tracker")
            await #expect(throws: TrackerClientError.self) { try await client.scrape([.number(1)], at: address) }
            #expect(fake.targets.isEmpty)
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost", "127.1", "2130706433"]) func innerTrackersAreForbidden(
        host: String
    ) async throws {
        try await Self.withFake(rules: .servers, Self.text("d8:intervali900ee")) { fake, client in
            let address = try #require(TrackerAddress("http://\(host):\(fake.endpoint.port)/announce"))
            await #expect(throws: TrackerClientError.forbidden) { try await client.announce(.seeder(), to: address) }
            #expect(fake.targets.isEmpty)
        }
    }

    @Test(arguments: [
        "udp://example.com:80", "udp://[::1]:6969/announce", "http://example.com/announce",
        "HTTPS://Example.com/a/announce",
    ]) func addressesAreRead(url: String) throws {
        let address = try #require(TrackerAddress(url))
        #expect(address.url == url && address.port > 0 && address.path.hasPrefix("/"))
    }

    @Test(arguments: ["", "udp://example.com/announce", "ws://example.com/", "http://", "http://a@b/", "udp://a:0/"])
    func otherTextsAreNone(url: String) {
        #expect(TrackerAddress(url) == nil)
    }
}
