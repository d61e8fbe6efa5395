import Metainfo
import TestSupport
import Testing
import TrackerClient
import TrackerWire

@testable import TorrentEngine

/// Who is told what when: BEP 3, 12, 21, 27, 31, 52 without a network.
@Suite struct AnnounceScheduleTests {
    private static let first = InfoHash(hex: String(repeating: "01", count: 20))!
    private static let second = InfoHash(hex: String(repeating: "02", count: 20))!

    private func schedule(
        _ tiers: [[String]], hashes: [InfoHash] = [first], isPrivate: Bool = false
    ) -> AnnounceSchedule {
        AnnounceSchedule(
            hashes: hashes, urls: tiers.map { $0.map { "udp://\($0).example:80/announce" } }, isPrivate: isPrivate,
            seed: 1)
    }

    private func answer(_ schedule: inout AnnounceSchedule, _ errand: AnnounceSchedule.Errand, at now: Duration) -> Bool
    {
        schedule.answered(errand, interval: 900, minimum: 300, trackerID: nil, now: now)
    }

    @Test func startedThenRegularThenCompletedThenStopped() throws {
        var schedule = schedule([["a"]])
        let start = try #require(schedule.due(at: .zero).first)
        #expect(start.event == .started && schedule.due(at: .zero).isEmpty && schedule.nextTime == nil)
        #expect(!answer(&schedule, start, at: .seconds(1)))
        #expect(schedule.due(at: .seconds(900)).isEmpty && schedule.nextTime == .seconds(901))
        let regular = try #require(schedule.due(at: .seconds(901)).first)
        #expect(regular.event == .none)
        _ = answer(&schedule, regular, at: .seconds(902))
        schedule.complete(now: .seconds(1_000))
        let completed = try #require(schedule.due(at: .seconds(1_000)).first)
        #expect(completed.event == .completed)
        _ = answer(&schedule, completed, at: .seconds(1_001))
        #expect(schedule.due(at: .seconds(5_000)).map(\.event) == [.none])
        #expect(schedule.farewells().map(\.event) == [.stopped] && schedule.farewells().isEmpty)
    }

    @Test func whatATrackerHasNotHeardIsSaidBeforeTheFarewell() throws {
        var schedule = schedule([["a"], ["b"]])
        let started = schedule.due(at: .zero)
        #expect(started.count == 2)
        _ = answer(&schedule, started[0], at: .seconds(1))
        #expect(schedule.owedCompletions.isEmpty)
        schedule.complete(now: .seconds(2))
        // The other has never answered: it may be silent, and its farewell must not wait behind another word.
        #expect(schedule.owedCompletions.map(\.tracker) == [started[0].tracker])
        #expect(schedule.owedCompletions.map(\.event) == [.completed])
        let completed = try #require(schedule.due(at: .seconds(2)).first)
        #expect(schedule.owedCompletions.count == 1, "on its way is not heard")
        _ = answer(&schedule, completed, at: .seconds(3))
        #expect(schedule.owedCompletions.isEmpty && schedule.farewells().count == 2)
    }

    @Test func aSeedFromTheBeginningNeverCompletes() {
        var schedule = schedule([["a"], ["b"]])
        for errand in schedule.due(at: .zero) { _ = answer(&schedule, errand, at: .zero) }
        #expect(schedule.due(at: .seconds(900)).allSatisfy { $0.event == .none })
    }

    @Test func completedIsSaidAlsoWhenItHappensDuringTheFirstAnnounce() throws {
        var schedule = schedule([["a"]])
        let start = try #require(schedule.due(at: .zero).first)
        schedule.complete(now: .seconds(1))
        #expect(schedule.due(at: .seconds(1)).isEmpty)
        _ = answer(&schedule, start, at: .seconds(2))
        let completed = try #require(schedule.due(at: .seconds(2)).first)
        #expect(completed.event == .completed)
        // Lost on its way, it is said again.
        _ = schedule.failed(completed, .timedOut, now: .seconds(3))
        #expect(schedule.due(at: .seconds(60)).map(\.event) == [.completed])
    }

    @Test func aTrackerThatFailsIsStartedAnew() throws {
        var schedule = schedule([["a", "b"]])
        let first = try #require(schedule.due(at: .zero).first)
        let failed = schedule.failed(first, .timedOut, now: .seconds(1))
        let wait = try #require(failed)
        #expect(wait > .seconds(10) && wait < .seconds(20))
        let second = try #require(schedule.due(at: .seconds(1)).first)
        #expect(second.tracker != first.tracker && second.event == .started)
        _ = answer(&schedule, second, at: .seconds(2))
        // Both may hold us; the one that has answered hears first that we leave.
        #expect(schedule.farewells().map(\.tracker) == [second.tracker, first.tracker])
    }

    @Test func refusalsAreNotSaidFarewell() throws {
        var schedule = schedule([["a"], ["b"], ["c"]])
        let errors: [TrackerClientError] = [
            .refused(reason: "no", retryIn: .never), .forbidden, .refused(reason: "later", retryIn: .minutes(30)),
        ]
        var waits: [Duration?] = []
        for (errand, error) in zip(schedule.due(at: .zero), errors) {
            waits.append(schedule.failed(errand, error, now: .zero))
        }
        #expect(waits[0] == nil && waits[2] == .seconds(1_800) && schedule.farewells().isEmpty)
        #expect(schedule.due(at: .seconds(30)).count == 1 && schedule.due(at: .seconds(1_801)).count == 1)
    }

    @Test func bothSwarmsOfAHybridAreJoined() {
        var schedule = schedule([["a"], ["b"]], hashes: [Self.first, Self.second, Self.first])
        let errands = schedule.due(at: .zero)
        #expect(errands.count == 4 && Set(errands.map(\.hash)) == [Self.first, Self.second])
        for errand in errands { _ = answer(&schedule, errand, at: .zero) }
        schedule.complete(now: .seconds(1))
        #expect(schedule.due(at: .seconds(1)).filter { $0.event == .completed }.count == 4)
        #expect(schedule.farewells().count == 4)
    }

    /// BEP 27: one tracker at a time; a switch is told, since all peers have to go.
    @Test func aPrivateTorrentUsesOneTracker() throws {
        var schedule = schedule([["a"], ["b", "c"], ["d"]], isPrivate: true)
        #expect(schedule.trackers.first?.host == "a.example" && schedule.trackers.last?.host == "d.example")
        let first = try #require(schedule.due(at: .zero).first)
        #expect(schedule.due(at: .zero).isEmpty && first.tracker.host == "a.example")
        let isSwitch = answer(&schedule, first, at: .zero)
        #expect(!isSwitch && schedule.due(at: .seconds(100)).isEmpty)
        let again = try #require(schedule.due(at: .seconds(900)).first)
        _ = schedule.failed(again, .timedOut, now: .seconds(901))
        let next = try #require(schedule.due(at: .seconds(901)).first)
        #expect(next.tracker != first.tracker && next.event == .started)
        let isSecond = answer(&schedule, next, at: .seconds(902))
        #expect(isSecond)
        let stays = try #require(schedule.due(at: .seconds(1_802)).first)
        let isThird = answer(&schedule, stays, at: .seconds(1_802))
        #expect(stays.tracker == next.tracker && !isThird)
    }

    @Test func hurryKeepsToTheLeastInterval() throws {
        var schedule = schedule([["a"]])
        schedule.hurry(now: .zero)
        let start = try #require(schedule.due(at: .zero).first)
        _ = answer(&schedule, start, at: .zero)
        schedule.hurry(now: .seconds(10))
        #expect(schedule.due(at: .seconds(299)).isEmpty && schedule.nextTime == .seconds(300))
        #expect(schedule.due(at: .seconds(300)).map(\.event) == [.none])
    }

    @Test func replacedTrackersHearThatWeLeave() throws {
        var schedule = schedule([["a"], ["b"]])
        for errand in schedule.due(at: .zero) { _ = answer(&schedule, errand, at: .zero) }
        let farewells = schedule.replace([
            ["udp://b.example:80/announce", "nonsense"], ["udp://c.example:80/announce"],
        ])
        #expect(farewells.map(\.tracker.host) == ["a.example"] && farewells.map(\.event) == [.stopped])
        // The one that stays is not started again.
        #expect(schedule.due(at: .seconds(1)).map(\.tracker.host) == ["c.example"])
        #expect(schedule.due(at: .seconds(900)).map(\.event) == [.none])
    }

    @Test func addedTrackersComeLast() {
        var schedule = schedule([["a"]])
        for errand in schedule.due(at: .zero) { _ = answer(&schedule, errand, at: .zero) }
        schedule.add([["udp://a.example:80/announce"], ["udp://b.example:80/announce", "http://"]])
        #expect(schedule.trackers.map(\.host) == ["a.example", "b.example"])
        #expect(schedule.due(at: .seconds(1)).map(\.event) == [.started])
    }

    @Test func hostileListsAreCut() {
        let urls = (0..<1_000).map { ["udp://t\($0).example:80/", "", "http://", "javascript:x", "udp://nope/"] }
        let schedule = AnnounceSchedule(hashes: [Self.first], urls: urls, isPrivate: false, seed: 1)
        #expect(schedule.trackers.count == AnnounceSchedule.maximumTrackers)
        #expect(AnnounceSchedule(hashes: [], urls: urls, isPrivate: false, seed: 1).nextTime == nil)
        #expect(AnnounceSchedule(hashes: [Self.first], urls: [], isPrivate: true, seed: 1).nextTime == nil)
    }

    @Test func trackerIDsAreSentBack() throws {
        var schedule = schedule([["a"]])
        let start = try #require(schedule.due(at: .zero).first)
        _ = schedule.answered(start, interval: 60, minimum: nil, trackerID: [1, 2], now: .zero)
        #expect(schedule.due(at: .seconds(60)).first?.trackerID == [1, 2])
    }

    /// Chance of every kind: each tracker hears `started` first, `completed` at most once, and one farewell.
    @Test(arguments: 1...40) func everyTrackerHearsAStoryThatMakesSense(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let isPrivate = Bool.random(using: &random)
        var schedule = schedule(
            [["a", "b"], ["c"], ["d", "e"]], hashes: [Self.first, Self.second], isPrivate: isPrivate)
        struct Who: Hashable {
            let tracker: TrackerAddress
            let hash: InfoHash
        }
        var answered: Set<Who> = []
        var completed: Set<Who> = []
        var open: [AnnounceSchedule.Errand] = []
        var now = Duration.zero
        var isWhole = false
        for step in 0..<300 {
            now += .seconds(Int.random(in: 0...400, using: &random))
            for errand in schedule.due(at: now) {
                let who = Who(tracker: errand.tracker, hash: errand.hash)
                #expect(errand.event != .stopped && (errand.event == .completed) <= isWhole)
                if errand.event == .none { #expect(answered.contains(who)) }
                if errand.event == .started { #expect(!answered.contains(who)) }
                open.append(errand)
            }
            let busy = Dictionary(grouping: open) { $0.hash }
            if isPrivate { #expect(busy.values.allSatisfy { $0.count == 1 }) }
            open.shuffle(using: &random)
            while let errand = open.popLast() {
                let who = Who(tracker: errand.tracker, hash: errand.hash)
                if Int.random(in: 0..<4, using: &random) == 0 {
                    _ = schedule.failed(errand, .timedOut, now: now)
                } else {
                    _ = answer(&schedule, errand, at: now)
                    answered.insert(who)
                    if errand.event == .completed { #expect(completed.insert(who).inserted) }
                }
                if Bool.random(using: &random) { break }
            }
            if step == 150 {
                isWhole = true
                schedule.complete(now: now)
            }
        }
        let farewells = schedule.farewells()
        #expect(Set(farewells).count == farewells.count)
        #expect(Set(farewells.map { Who(tracker: $0.tracker, hash: $0.hash) }).isSuperset(of: answered))
    }
}

/// Implication.
private func <= (left: Bool, right: Bool) -> Bool { !left || right }
