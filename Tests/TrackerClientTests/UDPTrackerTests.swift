import ByteCoding
import Dialling
import Logging
import Metainfo
import Synchronization
import Testing
import TrackerClient
import TrackerServer
import TrackerWire

/// BEP 15 against our own tracker and against trackers that misbehave.
@Suite(.timeLimit(.minutes(1))) struct UDPTrackerTests {
    static let logger = Logger(label: "test")
    static let rules = DialRules(allowsPrivateAddresses: true, lowestPort: 1)

    static func client(
        firstWait: Duration = .seconds(20), attempts: Int = 1, rules: DialRules = rules
    ) -> TrackerClient {
        TrackerClient(rules: rules, policy: RetryPolicy(firstWait: firstWait, attempts: attempts), logger: logger)
    }

    static func withFake(
        _ answer: @escaping @Sendable (Int, [UInt8]) -> [[UInt8]], client: TrackerClient = client(),
        _ act: (FakeUDPTracker, TrackerClient, TrackerAddress) async throws -> Void
    ) async throws {
        let fake = try await FakeUDPTracker(answer)
        do {
            try await act(fake, client, try #require(TrackerAddress(fake.url)))
        } catch {
            await client.shutdown()
            await fake.close()
            throw error
        }
        await client.shutdown()
        await fake.close()
    }

    @Test(arguments: ["127.0.0.1", "::1"]) func announcesAndScrapesAtOurTracker(host: String) async throws {
        let tracker = Tracker(configuration: TrackerConfiguration(hosts: [host]), logger: Self.logger)
        defer { tracker.stop() }
        for number in 1...100 { tracker.allow(.number(number)) }
        guard let port = try? await tracker.start(port: 0) else {
            print("skipped: no \(host)")
            return
        }
        let client = Self.client()
        let url = host.contains(":") ? "udp://[\(host)]:\(port)/announce" : "udp://\(host):\(port)/announce"
        let address = try #require(TrackerAddress(url))
        let answer = try await client.announce(.seeder(), to: address)
        #expect(answer.seeders == 1 && answer.leechers == 0 && answer.interval > 0)
        #expect(tracker.counts(.number(1)).seeders == 1)
        let replies = try await client.replies(to: .seeder(event: .none), from: address)
        #expect(replies.map(\.remote) == [try #require(IPAddress(host))])
        let counts = try await client.scrape((1...100).map { .number($0) }, at: address)
        #expect(counts.count == 100 && counts[.number(1)]?.complete == 1 && counts[.number(2)]?.complete == 0)
        _ = try await client.announce(.seeder(event: .stopped), to: address)
        #expect(tracker.counts(.number(1)).seeders == 0)
        let error = await #expect(throws: TrackerClientError.self) {
            try await client.announce(.seeder(.number(999)), to: address)
        }
        guard case .refused(let reason, nil)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.isEmpty)
        await client.shutdown()
    }

    @Test func aConnectionIsUsedAgain() async throws {
        try await Self.withFake { _, packet in
            FakeUDPTracker.sound(packet)
        } _: { fake, client, address in
            for _ in 0..<3 { _ = try await client.announce(.seeder(), to: address) }
            let counts = try await client.scrape([.number(1), .number(2)], at: address)
            #expect(counts[.number(2)] == ScrapeCounts(complete: 5, downloaded: 6, incomplete: 7))
            #expect(fake.count(action: 0) == 1 && fake.count(action: 1) == 3 && fake.count(action: 2) == 1)
            let announce = try #require(fake.packets.first { $0[11] == 1 })
            #expect(announce[0..<8].elementsEqual([0, 0, 0, 0, 0, 0, 0, 77]))
        }
    }

    @Test func thePathTravelsInTheOptions() async throws {
        try await Self.withFake { _, packet in
            FakeUDPTracker.sound(packet)
        } _: { fake, client, _ in
            let address = try #require(TrackerAddress("udp://\(fake.endpoint)/announce/KEY?a=b"))
            let answer = try await client.announce(.seeder(), to: address)
            #expect(answer.peers.map(\.description) == ["10.1.2.3:6881"] && answer.leechers == 2)
            let packet = try #require(fake.packets.first { $0[11] == 1 })
            let span = packet.span
            #expect(UDPRequest.urlData(of: span.bytes) == Array("/announce/KEY?a=b".utf8))
        }
    }

    /// Each datagram that goes unanswered is sent again; the numbers of the questions differ.
    @Test func silenceIsMetWithPatience() async throws {
        try await Self.withFake(
            { number, packet in number == 1 || number == 3 ? FakeUDPTracker.sound(packet) : [] },
            client: Self.client(firstWait: .milliseconds(60), attempts: 4)
        ) { fake, client, address in
            let answer = try await client.announce(.seeder(), to: address)
            #expect(answer.seeders == 1)
            #expect(fake.count(action: 0) == 2 && fake.count(action: 1) == 2)
            #expect(Set(fake.packets.map { Array($0[12..<16]) }).count == 4)
        }
    }

    @Test func enoughSilenceIsTheEnd() async throws {
        try await Self.withFake(
            { _, _ in [] }, client: Self.client(firstWait: .milliseconds(20), attempts: 3)
        ) { fake, client, address in
            await #expect(throws: TrackerClientError.timedOut) { try await client.announce(.seeder(), to: address) }
            #expect(fake.count(action: 0) == 3 && fake.count(action: 1) == 0)
        }
    }

    /// Answers with another number, of another kind, too short, or of no meaning are not taken.
    @Test func onlyAnswersToTheQuestionCount() async throws {
        try await Self.withFake { _, packet in
            guard packet[11] == 1 else { return FakeUDPTracker.sound(packet) }
            let good = FakeUDPTracker.sound(packet)[0]
            var other = good
            other[7] ^= 1
            other[11] = 99
            return [[], [1], other, Array(good.prefix(12)), [0, 0, 0, 9] + Array(good[4...]), good]
        } _: { _, client, address in
            let answer = try await client.announce(.seeder(), to: address)
            #expect(answer.interval == 900)
        }
    }

    /// An answer counts only from where the question went, however well it is guessed.
    @Test func strangersAreNotBelieved() async throws {
        let asked = Mutex<[UInt8]?>(nil)
        try await Self.withFake { _, packet in
            guard packet[11] == 1 else { return FakeUDPTracker.sound(packet) }
            asked.withLock { $0 = packet }
            return []
        } _: { fake, _, address in
            let mailroomClient = Self.client(firstWait: .milliseconds(300))
            let stranger = try await FakeUDPTracker { _, _ in [] }
            async let outcome = Result { try await mailroomClient.announce(.seeder(), to: address) }
            while asked.withLock({ $0 }) == nil { try await Task.sleep(for: .milliseconds(5)) }
            let port = try #require(fake.lastSourcePort)
            let forged = FakeUDPTracker.sound(try #require(asked.withLock { $0 }))[0]
            try await stranger.send(forged, to: Endpoint(address: try #require(IPAddress("127.0.0.1")), port: port))
            let result = await outcome
            #expect(throws: TrackerClientError.timedOut) { try result.get() }
            await stranger.close()
            await mailroomClient.shutdown()
        }
    }

    /// A tracker that was restarted no longer knows our connection: it is made anew, once.
    @Test func aForgottenConnectionIsMadeAnew() async throws {
        try await Self.withFake { number, packet in
            number == 2 ? FakeUDPTracker.error(packet, "Connection ID missmatch.\0") : FakeUDPTracker.sound(packet)
        } _: { fake, client, address in
            _ = try await client.announce(.seeder(), to: address)
            _ = try await client.announce(.seeder(), to: address)
            #expect(fake.count(action: 0) == 2 && fake.count(action: 1) == 3)
        }
        try await Self.withFake { _, packet in
            packet[11] == 1 ? FakeUDPTracker.error(packet, "bad connection") : FakeUDPTracker.sound(packet)
        } _: { fake, client, address in
            for _ in 0..<2 {
                await #expect(throws: TrackerClientError.refused(reason: "bad connection", retryIn: nil)) {
                    try await client.announce(.seeder(), to: address)
                }
            }
            #expect(fake.count(action: 0) == 2 && fake.count(action: 1) == 3)
        }
    }

    @Test func refusalsAreToldInItsWords() async throws {
        try await Self.withFake { _, packet in
            packet[11] == 1
                ? FakeUDPTracker.error(packet, "go\u{1b}[31m\r\naway\u{202e} \0" + String(repeating: "x", count: 500))
                : FakeUDPTracker.sound(packet)
        } _: { _, client, address in
            let error = await #expect(throws: TrackerClientError.self) {
                try await client.announce(.seeder(), to: address)
            }
            guard case .refused(let reason, _)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.hasPrefix("go[31m away x") && reason.unicodeScalars.count == 200)
        }
    }

    @Test(arguments: ["127.0.0.1", "[::1]", "localhost", "10.0.0.1", "169.254.169.254", "127.1", "0.0.0.0"])
    func innerTrackersAreForbidden(host: String) async throws {
        try await Self.withFake(
            { _, packet in FakeUDPTracker.sound(packet) }, client: Self.client(rules: .servers)
        ) { fake, client, _ in
            let address = try #require(TrackerAddress("udp://\(host):\(fake.endpoint.port)/announce"))
            await #expect(throws: TrackerClientError.forbidden) { try await client.announce(.seeder(), to: address) }
            await #expect(throws: TrackerClientError.forbidden) { try await client.scrape([.number(1)], at: address) }
            #expect(fake.packets.isEmpty)
        }
    }

    @Test func afterShutdownNothingIsSent() async throws {
        try await Self.withFake { _, packet in
            FakeUDPTracker.sound(packet)
        } _: { fake, client, address in
            await client.shutdown()
            await #expect(throws: TrackerClientError.self) { try await client.announce(.seeder(), to: address) }
            #expect(fake.packets.isEmpty)
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ act: () async throws -> Success) async {
        do { self = .success(try await act()) } catch { self = .failure(error) }
    }
}
