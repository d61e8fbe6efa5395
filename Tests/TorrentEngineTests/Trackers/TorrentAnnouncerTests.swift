import ByteCoding
import Dialling
import Foundation
import Logging
import Metainfo
import Synchronization
import Testing
import TrackerClient
import TrackerServer
import TrackerWire

@testable import TorrentEngine

/// A torrent's announces at real trackers.
@Suite(.timeLimit(.minutes(1))) struct TorrentAnnouncerTests {
    private static let logger = Logger(label: "test")
    private static let rules = DialRules(allowsPrivateAddresses: true, lowestPort: 1)
    private static let first = InfoHash(hex: String(repeating: "a1", count: 20))!
    private static let second = InfoHash(hex: String(repeating: "a2", count: 20))!

    /// What an announcer told, to be waited for.
    private final class Ear: Sendable {
        let reports: AsyncStream<TrackerReport>
        let peers: AsyncStream<[Endpoint]>
        private let report: AsyncStream<TrackerReport>.Continuation
        private let peer: AsyncStream<[Endpoint]>.Continuation
        let figures = Mutex(AnnounceFigures(left: 1_000))

        init() {
            (reports, report) = AsyncStream.makeStream(of: TrackerReport.self)
            (peers, peer) = AsyncStream.makeStream(of: [Endpoint].self)
        }

        func hear(_ news: TrackerReport) { report.yield(news) }
        func hear(_ endpoints: [Endpoint]) { peer.yield(endpoints) }

        /// Waits for a report of a kind.
        func await(_ isMeant: (TrackerReport.News) -> Bool) async -> TrackerReport? {
            for await report in reports where isMeant(report.news) { return report }
            return nil
        }

        func awaitAnswer() async -> TrackerCounts? {
            let report = await self.await { if case .answered = $0 { true } else { false } }
            if case .answered(let counts) = report?.news { return counts }
            return nil
        }
    }

    private func withAnnouncer(
        _ tiers: [[String]], hashes: [InfoHash] = [first], isPrivate: Bool = false, rules: DialRules = rules,
        from scope: AddressScope = .public, port: UInt16 = 7_001, stopsWithin limit: Duration = .seconds(20),
        timing: AnnounceTiming = AnnounceTiming(), ear: Ear = Ear(),
        _ act: (TorrentAnnouncer, Ear) async throws -> Void
    ) async throws {
        let client = TrackerClient(
            rules: rules, policy: RetryPolicy(firstWait: .seconds(20), attempts: 1), logger: Self.logger)
        let id = try #require(PeerID(bytes: "-RS0100-00000000\(port)".utf8))
        let announcer = TorrentAnnouncer(
            client: client, tiers: tiers, hashes: hashes, isPrivate: isPrivate,
            identity: AnnouncerIdentity(peerID: id, port: port, key: UInt32(port)), namedFrom: scope,
            timing: timing, figures: { ear.figures.withLock { $0 } }, found: { peers, _, _ in ear.hear(peers) },
            report: { ear.hear($0) }, logger: Self.logger)
        let work = Task { await announcer.run() }
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await act(announcer, ear))
        } catch {
            outcome = .failure(error)
        }
        await announcer.stop(within: limit)
        await work.value
        await client.shutdown()
        try outcome.get()
    }

    private func withTracker(_ act: (Tracker, String) async throws -> Void) async throws {
        let tracker = Tracker(configuration: TrackerConfiguration(hosts: ["127.0.0.1"]), logger: Self.logger)
        defer { tracker.stop() }
        let port = try await tracker.start(port: 0)
        try await act(tracker, "udp://127.0.0.1:\(port)/announce")
    }

    @Test func theWholeLifeOfADownloadAtOurTracker() async throws {
        try await withTracker { tracker, url in
            tracker.allow(Self.first)
            try await withAnnouncer([[url]]) { announcer, ear in
                #expect(await ear.awaitAnswer()?.leechers == 1)
                #expect(tracker.counts(Self.first).leechers == 1)
                ear.figures.withLock { $0 = AnnounceFigures(downloaded: 1_000, left: 0) }
                announcer.completed()
                #expect(await ear.awaitAnswer()?.seeders == 1)
                #expect(tracker.counts(Self.first).seeders == 1 && tracker.counts(Self.first).completed == 1)
                #expect(announcer.trackers == [url])
            }
            #expect(tracker.counts(Self.first).seeders == 0 && tracker.counts(Self.first).leechers == 0)
        }
    }

    @Test func peersAreFound() async throws {
        try await withTracker { tracker, url in
            tracker.allow(Self.first)
            try await withAnnouncer([[url]], port: 7_001) { _, one in
                _ = await one.awaitAnswer()
                try await withAnnouncer([[url]], port: 7_002) { _, other in
                    for await peers in other.peers {
                        #expect(peers == [Endpoint("127.0.0.1:7001")])
                        break
                    }
                }
            }
        }
    }

    @Test func bothHashesOfAHybridAreAnnounced() async throws {
        try await withTracker { tracker, url in
            tracker.allow(Self.first)
            tracker.allow(Self.second)
            try await withAnnouncer([[url]], hashes: [Self.first, Self.second]) { _, ear in
                for _ in 0..<2 { _ = await ear.awaitAnswer() }
                #expect(tracker.counts(Self.first).leechers == 1 && tracker.counts(Self.second).leechers == 1)
            }
            #expect(tracker.counts(Self.first).leechers == 0 && tracker.counts(Self.second).leechers == 0)
        }
    }

    /// BEP 21: a partial seed says so in its announces, but for the first and the last.
    @Test func partialSeedsArePaused() async throws {
        let server = try await SeedServer { _ in
            SeedServer.Answer(status: 200, body: Array("d8:intervali1e5:peers0:e".utf8))
        }
        let ear = Ear()
        ear.figures.withLock { $0 = AnnounceFigures(left: 1_000, isPartialSeed: true) }
        let short = AnnounceTiming(shortestInterval: .milliseconds(50), longestInterval: .milliseconds(50))
        try await withAnnouncer([["\(server.origin)/announce"]], timing: short, ear: ear) { _, ear in
            #expect(await ear.awaitAnswer() != nil)
            #expect(await ear.awaitAnswer() != nil)
        }
        let events = server.requests.map { request in
            ["started", "paused", "completed", "stopped"].first { request.target.contains("event=\($0)") }
        }
        #expect(events.first == "started" && events.last == "stopped" && events.count >= 3)
        #expect(events.dropFirst().dropLast().allSatisfy { $0 == "paused" })
        await server.close()
    }

    /// BEP 21: who becomes a partial seed says so at once, and not only half an hour later.
    @Test func aPartialSeedIsNewsAtOnce() async throws {
        let server = try await SeedServer { _ in
            SeedServer.Answer(status: 200, body: Array("d8:intervali1800e12:min intervali900e5:peers0:e".utf8))
        }
        let ear = Ear()
        ear.figures.withLock { $0 = AnnounceFigures(left: 1_000) }
        try await withAnnouncer([["\(server.origin)/announce"]], ear: ear) { announcer, ear in
            #expect(await ear.awaitAnswer() != nil)
            ear.figures.withLock { $0 = AnnounceFigures(left: 1_000, isPartialSeed: true) }
            announcer.becamePartialSeed()
            #expect(await ear.awaitAnswer() != nil)
            // A second time it waits for the time that the tracker named.
            announcer.becamePartialSeed()
        }
        let events = server.requests.map { request in
            ["started", "paused", "stopped"].first { request.target.contains("event=\($0)") }
        }
        #expect(events == ["started", "paused", "stopped"])
        await server.close()
    }

    @Test func refusalsAreToldInTheTrackersWords() async throws {
        try await withTracker { _, url in
            try await withAnnouncer([[url]]) { _, ear in
                let report = await ear.await { if case .failed = $0 { true } else { false } }
                guard case .failed(let words, _) = report?.news else { return #expect(Bool(false)) }
                #expect(!words.isEmpty && report?.description.contains(words) == true && report?.url == url)
            }
        }
    }

    /// HAZARDS S16: a tracker in the own network is reached only when its name came from there, or by permission.
    @Test func innerTrackersOfStrangersAreNotReached() async throws {
        try await withTracker { tracker, url in
            tracker.allow(Self.first)
            try await withAnnouncer([[url]], rules: .servers, from: .public) { _, ear in
                #expect(await ear.await { if case .failed = $0 { true } else { false } } != nil)
                #expect(tracker.counts(Self.first).leechers == 0)
            }
            try await withAnnouncer([[url]], rules: .servers, from: .loopback) { _, ear in
                #expect(await ear.awaitAnswer() != nil)
            }
        }
    }

    @Test func aSilentTrackerDoesNotHoldUpTheEnd() async throws {
        let server = try await SeedServer { _ in SeedServer.Answer(status: 200, body: [1, 2], cut: 1, hangs: true) }
        let start = ContinuousClock.now
        try await withAnnouncer([["\(server.origin)/announce"]], stopsWithin: .milliseconds(200)) { _, ear in
            #expect(await ear.await { $0 == .asking(.started) } != nil)
        }
        // Far from the 20 and 30 seconds that an exchange may take.
        #expect(ContinuousClock.now - start < .seconds(15))
        await server.close()
    }

    @Test func theNextOfTheTierIsAskedAtOnce() async throws {
        try await withTracker { tracker, url in
            tracker.allow(Self.first)
            let server = try await SeedServer { _ in
                SeedServer.Answer(status: 200, body: Array("d14:failure reason9:closed up8:retry in5:nevere".utf8))
            }
            for _ in 0..<4 {
                try await withAnnouncer([["\(server.origin)/announce", url]], isPrivate: true) { _, ear in
                    #expect(await ear.awaitAnswer() != nil)
                }
            }
            await server.close()
        }
    }

    @Test func replacedTrackersHearOfIt() async throws {
        try await withTracker { old, oldURL in
            try await withTracker { new, newURL in
                old.allow(Self.first)
                new.allow(Self.first)
                try await withAnnouncer([[oldURL]]) { announcer, ear in
                    _ = await ear.awaitAnswer()
                    announcer.replaceTiers([[newURL]])
                    _ = await ear.awaitAnswer()
                    #expect(new.counts(Self.first).leechers == 1)
                    announcer.addTiers([[oldURL]])
                    _ = await ear.awaitAnswer()
                    #expect(old.counts(Self.first).leechers == 1 && announcer.trackers.count == 2)
                }
                #expect(new.counts(Self.first).leechers == 0 && old.counts(Self.first).leechers == 0)
            }
        }
    }

    @Test func opentrackerIsSpokenToOverBothTransports() async throws {
        let program = "/usr/bin/opentracker"
        guard FileManager.default.isExecutableFile(atPath: program) else { return print("skipped: no opentracker") }
        let port = try await Self.freePort()
        let folder = FileManager.default.temporaryDirectory.appending(path: "announcer-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        defer { try? FileManager.default.removeItem(at: folder) }
        // Debian builds it to track nothing but what such a file lists.
        try Data("\(Self.first.hex)\n".utf8).write(to: folder.appending(path: "allowed"))
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = [
            "-i", "127.0.0.1", "-p", "\(port)", "-P", "\(port)", "-d", folder.path(), "-u", "nobody", "-w", "allowed",
        ]
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        // `waitUntilExit` turns the run loop of its thread, which a test's thread does not have.
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in end.finish() }
        try process.run()
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await followOpentracker(port))
        } catch {
            outcome = .failure(error)
        }
        // It heeds no other signal while it works.
        kill(process.processIdentifier, SIGKILL)
        for await _ in ended {}
        try outcome.get()
    }

    private func followOpentracker(_ port: UInt16) async throws {
        guard await Self.isAnswered(port) else { return print("skipped: opentracker does not listen") }
        let urls = [["http://127.0.0.1:\(port)/announce"], ["udp://127.0.0.1:\(port)/announce"]]
        try await withAnnouncer(urls, port: 7_011) { announcer, ear in
            for _ in 0..<2 {
                guard let counts = await ear.awaitAnswer() else { return #expect(Bool(false)) }
                #expect(counts.leechers == 1 && counts.seeders == 0)
            }
            ear.figures.withLock { $0 = AnnounceFigures(left: 0) }
            announcer.completed()
            #expect(await ear.awaitAnswer()?.seeders == 1)
            try await withAnnouncer([urls[1]], port: 7_012) { _, other in
                for await peers in other.peers {
                    #expect(peers.map(\.description).contains("127.0.0.1:7011"))
                    break
                }
            }
        }
        try await withAnnouncer([urls[1]], port: 7_013) { _, ear in
            #expect(await ear.awaitAnswer()?.seeders == 0)
        }
    }

    /// Asks until somebody answers there; false when that takes too long.
    private static func isAnswered(_ port: UInt16) async -> Bool {
        let url = "http://127.0.0.1:\(port)/scrape?info_hash=" + String(repeating: "%A1", count: 20)
        let fetcher = Fetcher(rules: rules, logger: logger)
        var isAnswered = false
        for _ in 0..<200 where !isAnswered {
            isAnswered = (try? await fetcher.get(url, limit: 10_000, timeout: .seconds(5))) != nil
            if !isAnswered { try? await Task.sleep(for: .milliseconds(50)) }
        }
        await fetcher.shutdown()
        return isAnswered
    }

    private static func freePort() async throws -> UInt16 {
        let server = try await SeedServer { _ in SeedServer.Answer(status: 404) }
        await server.close()
        return server.endpoint.port
    }
}
