import Metainfo
import Testing
import TrackerClient
import TrackerWire

@testable import ReelswarmApp

/// Announcing an imported torrent to the trackers that it came with, besides those of the settings.
@Suite struct OutsideTrackersOthersTests {
    private typealias Board = OutsideTrackersBoardTests

    private static func others(_ names: [[String]]) throws -> [[TrackerAddress]] {
        try names.map { try $0.map { try Board.address($0) } }
    }

    /// Everything that is announced until nothing more is due at once, as "tracker event".
    private static func words(_ board: inout AnnounceBoard, now: Duration) -> [String] {
        Board.announces(board.next(now: now)).map { "\($0.tracker.host.prefix(1)) \($0.event.rawValue)" }.sorted()
    }

    @Test func theyComeBesidesTheConfiguredOnes() throws {
        var board = try Board.board([["a"]])
        board.add(Board.hash(1), uploaded: 0, others: try Self.others([["b"], ["c"]]), now: .zero)
        var errands: [AnnounceErrand] = []
        while errands.count < 4, let time = board.nextTime { errands += Board.announces(board.next(now: time)) }
        let hosts = { (hash: InfoHash) in Set(errands.filter { $0.hash == hash }.map(\.tracker.host)) }
        #expect(hosts(Board.hash(0)) == ["a.example"])
        #expect(hosts(Board.hash(1)) == ["a.example", "b.example", "c.example"])
    }

    @Test func theFirstThatWorksOfEachTierIsUsed() throws {
        var board = try Board.board([])
        board.add(Board.hash(1), uploaded: 0, others: try Self.others([["b", "c"]]), now: .zero)
        let first = try #require(Board.announces(board.next(now: .zero)).first)
        _ = board.failed(first, .timedOut, now: .seconds(1))
        let second = try #require(Board.announces(board.next(now: .seconds(1))).first)
        #expect(Set([first.tracker.host, second.tracker.host]) == ["b.example", "c.example"])
        _ = board.announced(second, Board.answer(), now: .seconds(2))
        let later = board.next(now: .seconds(60))
        #expect(Board.announces(later).allSatisfy { $0.tracker == second.tracker })
    }

    /// A tracker that is configured too is announced to once, in the place that the settings give it.
    @Test func aTrackerOfBothIsAskedOnce() throws {
        var board = try Board.board([["a"]])
        board.add(Board.hash(1), uploaded: 0, others: try Self.others([["a", "b"], ["a"]]), now: .zero)
        #expect(
            board.reports(Board.hash(1), now: .zero).map(\.url) == [
                try Board.address("a").url, try Board.address("b").url,
            ])
    }

    @Test func theirCountsAreReadAndReported() throws {
        var board = try Board.board([])
        board.add(Board.hash(1), uploaded: 0, others: try Self.others([["b"]]), now: .zero)
        let first = try #require(Board.announces(board.next(now: .zero)).first)
        _ = board.announced(first, Board.answer(interval: 86_400), now: .zero)
        var now = Duration.zero
        var scrape: ScrapeErrand?
        while scrape == nil, let time = board.nextTime, now < .seconds(400) {
            now = max(now, time)
            scrape = Board.scrapes(board.next(now: now)).first
        }
        let errand = try #require(scrape)
        #expect(errand.hashes == [Board.hash(1)])
        let files = [Board.hash(1): ScrapeCounts(complete: 8, downloaded: 9, incomplete: 7)]
        let changed = board.scraped(errand, ScrapeAnswer(files: files), now: now)
        #expect(changed == [Board.hash(1)])
        let report = try #require(board.reports(Board.hash(1), now: now).first)
        #expect(report.seeders == 8 && report.leechers == 7 && report.completed == 9)
    }

    @Test func removalTellsThemAndForgetsThem() throws {
        var board = try Board.board([])
        for number in [1, 2] {
            board.add(Board.hash(number), uploaded: 0, others: try Self.others([["b"]]), now: .zero)
        }
        var errands: [AnnounceErrand] = []
        while errands.count < 2, let time = board.nextTime { errands += Board.announces(board.next(now: time)) }
        for errand in errands { _ = board.announced(errand, Board.answer(), now: .zero) }
        board.remove(Board.hash(1))
        for errand in Board.announces(board.next(now: .zero)) {
            #expect(errand.event == .stopped && errand.hash == Board.hash(1))
            _ = board.announced(errand, Board.answer(), now: .zero)
        }
        #expect(board.lines.count == 1)
        board.remove(Board.hash(2))
        for errand in Board.announces(board.next(now: .zero)) {
            #expect(errand.event == .stopped)
            _ = board.announced(errand, Board.answer(), now: .zero)
        }
        #expect(board.lines.isEmpty && board.uses.isEmpty)
    }

    @Test func changedOnesTakeEffectAtOnce() throws {
        var board = try Board.board([])
        board.add(Board.hash(1), uploaded: 0, others: try Self.others([["b"], ["c"]]), now: .zero)
        for errand in Board.announces(board.next(now: .zero)) {
            _ = board.announced(errand, Board.answer(), now: .zero)
        }
        board.add(Board.hash(1), uploaded: 0, others: try Self.others([["c"], ["d"]]), now: .zero)
        let words = Self.words(&board, now: .seconds(1))
        #expect(words == ["b stopped", "d started"])
    }

    /// The settings change: the torrent's own trackers stay as they are.
    @Test func otherSettingsLeaveThemAlone() throws {
        var board = try Board.board([["a"]], torrents: 0)
        board.add(Board.hash(1), uploaded: 0, others: try Self.others([["b"]]), now: .zero)
        for errand in Board.announces(board.next(now: .zero)) {
            _ = board.announced(errand, Board.answer(), now: .zero)
        }
        board.set([], now: .seconds(1))
        let words = Self.words(&board, now: .seconds(1))
        #expect(words == ["a stopped"])
        #expect(board.reports(Board.hash(1), now: .seconds(1)).map(\.seeders) == [3])
        // A tracker leaves the settings, but the torrent had come with it.
        board.set(try Self.others([["b"]]), now: .seconds(2))
        board.set([], now: .seconds(3))
        #expect(Self.words(&board, now: .seconds(3)).isEmpty)
        #expect(board.reports(Board.hash(1), now: .seconds(3)).map(\.seeders) == [3])
    }
}
