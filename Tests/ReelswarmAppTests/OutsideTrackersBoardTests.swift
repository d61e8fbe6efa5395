import ByteCoding
import Metainfo
import Site
import Testing
import TrackerClient
import TrackerWire

@testable import ReelswarmApp

/// All rules of announcing to outside trackers, with a clock that the test moves and no network.
@Suite struct OutsideTrackersBoardTests {
    static func address(_ name: String, scheme: String = "udp") throws -> TrackerAddress {
        try #require(TrackerAddress("\(scheme)://\(name).example:80/announce"))
    }

    static func hash(_ number: Int) -> InfoHash {
        var bytes = [UInt8](repeating: 3, count: 16)
        bytes.append(bigEndian: UInt32(truncatingIfNeeded: number))
        return InfoHash(bytes: bytes)!
    }

    static func board(_ names: [[String]], torrents: Int = 1, pace: TrackerPace = TrackerPace()) throws -> AnnounceBoard
    {
        var board = AnnounceBoard(pace: pace, seed: 9)
        board.set(try names.map { try $0.map { try address($0) } }, now: .zero)
        for number in 0..<torrents { board.add(hash(number), uploaded: 100, now: .zero) }
        return board
    }

    static func announces(_ errands: [TrackerErrand]) -> [AnnounceErrand] {
        errands.compactMap { if case .announce(let errand) = $0 { errand } else { nil } }
    }

    static func scrapes(_ errands: [TrackerErrand]) -> [ScrapeErrand] {
        errands.compactMap { if case .scrape(let errand) = $0 { errand } else { nil } }
    }

    static func answer(interval: UInt32 = 900, seeders: UInt32 = 3, leechers: UInt32 = 4) -> AnnounceAnswer {
        AnnounceAnswer(interval: interval, seeders: seeders, leechers: leechers, peers: [])
    }

    @Test func beginsWithStartedAndGoesOnAtTheInterval() throws {
        var board = try Self.board([["a"]])
        let first = try #require(Self.announces(board.next(now: .zero)).first)
        #expect(first.event == .started && first.uploadedBefore == 100)
        let errands1 = board.next(now: .seconds(1))
        #expect(errands1.isEmpty)
        let isNews2 = board.announced(first, Self.answer(), now: .seconds(1))
        #expect(isNews2)
        let errands3 = board.next(now: .seconds(900))
        #expect(Self.announces(errands3).isEmpty)
        let second = try #require(Self.announces(board.next(now: .seconds(901))).first)
        #expect(second.event == AnnounceEvent.none)
        let isNews4 = board.announced(second, Self.answer(), now: .seconds(902))
        #expect(!isNews4)
    }

    @Test func startedIsRepeatedUntilItIsAnswered() throws {
        var board = try Self.board([["a"]])
        let first = try #require(Self.announces(board.next(now: .zero)).first)
        let isNews5 = board.failed(first, .timedOut, now: .seconds(1))
        #expect(isNews5)
        let again = try #require(Self.announces(board.next(now: .seconds(60))).first)
        #expect(again.event == .started)
    }

    @Test func everyTierIsAnnouncedToAtOneTracker() throws {
        var board = try Self.board([["a", "b"], ["c"]])
        let errands = Self.announces(board.next(now: .zero))
        #expect(errands.count == 2 && Set(errands.map(\.tracker.host)).contains("c.example"))
    }

    @Test func theNextOfATierIsTriedAtOnce() throws {
        var board = try Self.board([["a", "b"]])
        let first = try #require(Self.announces(board.next(now: .zero)).first)
        _ = board.failed(first, .timedOut, now: .seconds(1))
        let second = try #require(Self.announces(board.next(now: .seconds(1))).first)
        #expect(second.tracker != first.tracker)
        _ = board.announced(second, Self.answer(), now: .seconds(2))
        let reports = board.reports(Self.hash(0), now: .seconds(12))
        let good = try #require(reports.first { $0.url == second.tracker.url })
        #expect(good.seeders == 3 && good.leechers == 4 && good.age == 10 && good.problem == nil)
        #expect(good.nextAttempt == 890)
        let bad = try #require(reports.first { $0.url == first.tracker.url })
        #expect(bad.seeders == nil && bad.problem == "The tracker did not answer.")
    }

    @Test func removalSaysStopped() throws {
        var board = try Self.board([["a"]])
        let first = try #require(Self.announces(board.next(now: .zero)).first)
        _ = board.announced(first, Self.answer(), now: .zero)
        board.remove(Self.hash(0))
        let last = Self.announces(board.next(now: .seconds(1)))
        #expect(last.map(\.event) == [.stopped] && last.first?.uploadedBefore == 100)
        let errands6 = board.next(now: .seconds(5_000))
        #expect(errands6.isEmpty && board.reports(Self.hash(0), now: .zero).isEmpty)
    }

    /// A torrent that was never announced has nothing to say; one under way says it when its answer comes.
    @Test func stoppedGoesOnlyToWhoMayKnow() throws {
        var board = try Self.board([["a"]])
        board.remove(Self.hash(0))
        let errands7 = board.next(now: .zero)
        #expect(errands7.isEmpty)
        board.add(Self.hash(1), uploaded: 0, now: .zero)
        let first = try #require(Self.announces(board.next(now: .zero)).first)
        board.remove(Self.hash(1))
        let errands8 = board.next(now: .zero)
        #expect(Self.announces(errands8).map(\.event) == [.stopped])
        let isNews9 = board.announced(first, Self.answer(), now: .seconds(1))
        #expect(!isNews9)
        let errands10 = board.next(now: .seconds(1))
        #expect(Self.announces(errands10).map(\.event) == [.stopped])
    }

    @Test func changedTiersTakeEffectAtOnce() throws {
        var board = try Self.board([["a"]])
        let first = try #require(Self.announces(board.next(now: .zero)).first)
        _ = board.announced(first, Self.answer(), now: .zero)
        board.set([[try Self.address("b")]], now: .seconds(1))
        let errands = Self.announces(board.next(now: .seconds(1)))
        #expect(
            Set(errands.map { "\($0.tracker.host) \($0.event.rawValue)" }) == [
                "a.example stopped", "b.example started",
            ])
        for errand in errands { _ = board.announced(errand, Self.answer(), now: .seconds(1)) }
        #expect(board.lines.keys.map(\.host) == ["b.example"])
        board.set([], now: .seconds(2))
        let errands11 = board.next(now: .seconds(2))
        #expect(Self.announces(errands11).map(\.event) == [.stopped])
        #expect(board.reports(Self.hash(0), now: .seconds(3)).isEmpty)
    }

    @Test func allFarewellsGoToWhoKnows() throws {
        var board = try Self.board([["a"], ["b"]], torrents: 3)
        var errands = Self.announces(board.next(now: .zero))
        while errands.count < 6, let time = board.nextTime { errands += Self.announces(board.next(now: time)) }
        for errand in errands.prefix(5) { _ = board.announced(errand, Self.answer(), now: .zero) }
        let farewells = board.allFarewells()
        #expect(farewells.count == 6 && farewells.allSatisfy { $0.event == .stopped })
        let rest12 = board.allFarewells()
        #expect(rest12.isEmpty)
    }

    /// Ten thousand torrents come one by one, never more than a few at a time.
    @Test func manyTorrentsAreSpread() throws {
        let pace = TrackerPace()
        var board = try Self.board([["a"]], torrents: 10_000, pace: pace)
        var open: [AnnounceErrand] = []
        var sent = 0
        var now = Duration.zero
        while sent < 10_000, let time = board.nextTime, now < .seconds(1_000) {
            now = max(time, now)
            open += Self.announces(board.next(now: now))
            #expect(open.count <= pace.inFlight)
            #expect(sent + open.count <= pace.announcesPerSecond * Int(now.components.seconds + 1) + 1)
            if let errand = open.first {
                open.removeFirst()
                sent += 1
                _ = board.announced(errand, Self.answer(interval: 86_400), now: now)
            }
        }
        #expect(sent == 10_000)
        #expect(now >= .seconds(190) && now < .seconds(400))
    }

    /// One torrent finds out that a tracker is down; the others wait for what it finds.
    @Test func aTrackerThatIsDownIsLeftAloneByAll() throws {
        var board = try Self.board([["a"]], torrents: 200)
        var asked = 0
        var now = Duration.zero
        while now < .seconds(3_600), let time = board.nextTime {
            now = max(now + .milliseconds(1), time)
            for errand in Self.announces(board.next(now: now)) {
                asked += 1
                _ = board.failed(errand, .timedOut, now: now)
            }
        }
        #expect(asked >= 5 && asked < 60)
        let state = board.state(of: try Self.address("a"), now: now)
        #expect(state.torrents == 0 && state.lastSuccess == nil && state.problem == "The tracker did not answer.")
        #expect(try #require(state.nextAttempt) <= 2_300)
    }

    /// A refusal concerns its torrent alone.
    @Test func refusalsConcernOneTorrent() throws {
        var board = try Self.board([["a"]], torrents: 2)
        let first = try #require(Self.announces(board.next(now: .zero)).first)
        _ = board.failed(first, .refused(reason: "unregistered", retryIn: .never), now: .zero)
        let second = try #require(Self.announces(board.next(now: .seconds(1))).first)
        #expect(second.hash != first.hash)
        _ = board.announced(second, Self.answer(), now: .seconds(1))
        #expect(board.reports(first.hash, now: .seconds(1)).map(\.problem) == ["unregistered"])
        #expect(board.reports(first.hash, now: .seconds(1)).map(\.nextAttempt) == [nil])
        #expect(board.reports(second.hash, now: .seconds(1)).map(\.problem) == [nil])
        board.remove(first.hash)
        let errands13 = board.next(now: .seconds(2))
        #expect(Self.announces(errands13).isEmpty)
    }

    @Test(arguments: ["udp", "http"]) func countsAreReadInPortions(scheme: String) throws {
        var board = AnnounceBoard(seed: 4)
        let tracker = try Self.address("a", scheme: scheme)
        board.set([[tracker]], now: .zero)
        for number in 0..<100 { board.add(Self.hash(number), uploaded: 0, now: .zero) }
        var now = Duration.zero
        var read: [InfoHash] = []
        var requests = 0
        while let time = board.nextTime, read.count < 100, now < .seconds(400) {
            now = max(now, time)
            let errands = board.next(now: now)
            for errand in Self.announces(errands) { _ = board.announced(errand, Self.answer(), now: now) }
            for errand in Self.scrapes(errands) {
                #expect(errand.hashes.count <= TrackerClient.hashesPerScrape(tracker))
                requests += 1
                read += errand.hashes
                let counts = ScrapeCounts(complete: 8, downloaded: 9, incomplete: 7)
                let files = Dictionary(uniqueKeysWithValues: errand.hashes.map { ($0, counts) })
                let changed14 = board.scraped(errand, ScrapeAnswer(files: files), now: now)
                #expect(changed14.count == errand.hashes.count)
            }
        }
        #expect(Set(read).count == 100 && requests == (scheme == "udp" ? 2 : 4))
        let report = try #require(board.reports(Self.hash(5), now: now).first)
        #expect(report.seeders == 8 && report.leechers == 7 && report.completed == 9)
    }

    @Test func theTrackersOwnIntervalBetweenReadingsIsRespected() throws {
        var board = try Self.board([["a"]])
        let first = try #require(Self.announces(board.next(now: .zero)).first)
        _ = board.announced(first, Self.answer(interval: 86_400), now: .zero)
        func reading(after time: Duration) throws -> (ScrapeErrand, Duration) {
            var now = time
            while let next = board.nextTime, now < .seconds(80_000) {
                now = max(now, next)
                if let errand = Self.scrapes(board.next(now: now)).first { return (errand, now) }
            }
            throw TrackerClientError.timedOut
        }
        let (one, time) = try reading(after: .zero)
        #expect(time <= .seconds(60))
        _ = board.scraped(one, ScrapeAnswer(files: [:], minRequestInterval: 1_200), now: time)
        let (two, second) = try reading(after: time)
        #expect(second - time >= .seconds(60) && second - time <= .seconds(300))
        _ = board.scraped(two, ScrapeAnswer(files: [:], minRequestInterval: 1_200), now: second)
        let (three, third) = try reading(after: second)
        #expect(third - second == .seconds(1_200))
        board.scrapeFailed(three, .malformed("no scrapes here"), now: third)
        let (_, fourth) = try reading(after: third)
        #expect(fourth - third >= .seconds(60))
        let state = board.state(of: one.tracker, now: fourth)
        #expect(state.problem == nil && state.lastFailure == nil)
        #expect(board.reports(Self.hash(0), now: fourth).map(\.problem) == [nil])
    }

    /// Counts that can be read do not hide that announces fail.
    @Test func aReadingThatWorksDoesNotMendAnnounces() throws {
        var board = try Self.board([["a"]], torrents: 2)
        let first = try #require(Self.announces(board.next(now: .zero)).first)
        _ = board.announced(first, Self.answer(), now: .zero)
        let scrape = try #require(Self.scrapes(board.next(now: .seconds(30))).first)
        let other = AnnounceErrand(
            hash: Self.hash(1), tracker: first.tracker, event: .started, uploadedBefore: 0, trackerID: nil, stay: 2)
        board.lines[first.tracker]?.inFlight = 2
        _ = board.failed(other, .timedOut, now: .seconds(31))
        _ = board.scraped(scrape, ScrapeAnswer(files: [:]), now: .seconds(32))
        let line = try #require(board.lines[first.tracker])
        #expect(line.failures == 1 && line.problem != nil && line.restUntil > .seconds(32))
        #expect(line.inFlight == 0 && line.lastSuccess == .seconds(32))
    }

    @Test func countsThatNeverCameAreExplained() throws {
        var board = try Self.board([["a"]])
        let tracker = try Self.address("a")
        board.lines[tracker]?.inFlight = 1
        board.scrapeFailed(ScrapeErrand(tracker: tracker, hashes: []), .timedOut, now: .zero)
        let problems = board.reports(Self.hash(0), now: .zero).map(\.problem)
        #expect(problems == ["counts cannot be read: The tracker did not answer."])
    }

    @Test func farewellsToTrackersThatFailComeLast() throws {
        var board = try Self.board([["a"], ["b"]], torrents: 20)
        for number in 0..<20 {
            board.torrents[Self.hash(number)]?.joined = [try Self.address("a"), try Self.address("b")]
        }
        board.lines[try Self.address("a")]?.failures = 1
        let hosts = board.allFarewells().map(\.tracker.host)
        #expect(
            hosts == Array(repeating: "b.example", count: 20) + Array(repeating: "a.example", count: 20))
    }

    @Test func aTrackerThatIsDownLosesItsFarewells() throws {
        var board = try Self.board([["a"]], torrents: 20)
        for number in 0..<20 {
            board.torrents[Self.hash(number)]?.joined = [try Self.address("a")]
            board.remove(Self.hash(number))
        }
        let farewells = Self.announces(board.next(now: .zero))
        #expect(farewells.count == 8)
        for errand in farewells { _ = board.failed(errand, .timedOut, now: .zero) }
        let rest = board.next(now: .seconds(1))
        #expect(rest.isEmpty)
    }

    /// A torrent that comes back is not taken leave of, except at trackers that went meanwhile.
    @Test func aTorrentThatComesBackIsNotTakenLeaveOf() throws {
        var board = try Self.board([["a"], ["b"]])
        board.torrents[Self.hash(0)]?.joined = [try Self.address("a"), try Self.address("b")]
        board.remove(Self.hash(0))
        board.set([[try Self.address("b")]], now: .zero)
        board.add(Self.hash(0), uploaded: 0, now: .zero)
        let errands = Self.announces(board.next(now: .zero))
        #expect(
            Set(errands.map { "\($0.tracker.host) \($0.event.rawValue)" }) == [
                "a.example stopped", "b.example started",
            ])
    }

    /// A tracker that once accepted a torrent is told when it goes, even after a refusal.
    @Test func aRefusalLeavesWhatWasAccepted() throws {
        var board = try Self.board([["a"]])
        let first = try #require(Self.announces(board.next(now: .zero)).first)
        _ = board.announced(first, Self.answer(), now: .zero)
        let second = try #require(Self.announces(board.next(now: .seconds(900))).first)
        _ = board.failed(second, .refused(reason: "too busy", retryIn: nil), now: .seconds(900))
        #expect(board.torrents[Self.hash(0)]?.accepted == [first.tracker])
        board.remove(Self.hash(0))
        let last = board.next(now: .seconds(901))
        #expect(Self.announces(last).map(\.event) == [.stopped])
    }

    @Test func failuresOfTrackersThatWentAreNotKept() throws {
        var board = try Self.board([["a"]])
        let first = try #require(Self.announces(board.next(now: .zero)).first)
        board.set([[try Self.address("b")]], now: .zero)
        let isNews = board.failed(first, .timedOut, now: .seconds(1))
        #expect(!isNews && board.torrents[Self.hash(0)]?.problems.isEmpty == true)
    }

    @Test func theQueueGivesTheEarliestFirst() {
        var queue = DueQueue()
        var random = SeededRandom(state: 1)
        for number in 0..<500 { queue.insert(Self.hash(number), at: .seconds(Int.random(in: 0...99, using: &random))) }
        let none = queue.popFirst(upTo: .seconds(-1))
        #expect(none == nil)
        var last = Duration.zero
        var count = 0
        while let item = queue.popFirst(upTo: .seconds(99)) {
            #expect(item.time >= last)
            last = item.time
            count += 1
        }
        #expect(count == 500 && queue.first == nil)
    }
}

@Suite struct OutsideTrackersOwnURLTests {
    static let own = OwnTrackers(
        names: ["films.example", "Box"], addresses: [IPAddress("93.184.216.34")!, IPAddress("2001:db8::5")!],
        webPorts: [443, 8_080, 6_969], udpPort: 6_969)

    @Test(arguments: [
        ("udp://films.example:6969/announce", true), ("udp://FILMS.example.:6969", true),
        ("udp://films.example:6970/announce", false), ("udp://box:6969", true), ("udp://127.0.0.1:6969", true),
        ("udp://[::1]:6969/x", true), ("udp://localhost:6969/announce", true), ("udp://93.184.216.34:6969", true),
        ("udp://[2001:db8::5]:6969", true), ("udp://93.184.216.35:6969", false),
        ("https://films.example/announce", true), ("https://films.example/announce/KEY", true),
        ("https://films.example/KEY/announce", true), ("https://films.example/announce?passkey=1", true),
        ("https://films.example/tracker/x/announce", false), ("https://films.example/other", false),
        ("http://films.example/announce", false), ("http://127.0.0.1:8080/announce", true),
        ("http://127.0.0.1:9999/announce", false), ("http://other.example:6969/announce", false),
    ]) func tellsOurURLsFromThoseOfOthers(url: String, isOurs: Bool) throws {
        #expect(Self.own.contains(try #require(TrackerAddress(url))) == isOurs)
    }
}
