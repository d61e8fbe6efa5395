import ByteCoding
import Foundation
import Logging
import Metainfo
import Testing
import TrackerServer
import TrackerWire

@testable import ReelswarmApp

@Suite struct TrackStateTests {
    private let logger = Logger(label: "test")

    private func hash(_ byte: UInt8) throws -> InfoHash {
        try #require(InfoHash(bytes: Array(repeating: byte, count: 20)))
    }

    private func tracker(seed: UInt64 = 7) -> Tracker {
        Tracker(configuration: TrackerConfiguration(hosts: ["127.0.0.1"], tagSeed: seed), logger: logger)
    }

    private func announce(_ hash: InfoHash, from port: UInt16, left: UInt64, to tracker: Tracker) throws {
        let home = try #require(IPAddress("127.0.0.1"))
        let query =
            "info_hash=\(hash.bytes.map { "%" + Hex.encode([$0]) }.joined())&peer_id=-XX0001-\(100_000_000_000 + Int(port))"
        let body = HTTPTrackerEndpoint(tracker: tracker).announce(
            query: Array("\(query)&port=\(port)&uploaded=0&downloaded=0&left=\(left)&event=started".utf8),
            client: Endpoint(address: home, port: 1), localAddress: home)
        try #require(!String(decoding: body, as: UTF8.self).contains("failure"))
    }

    // MARK: - The bytes

    @Test func whatIsWrittenIsRead() throws {
        let records = [
            SwarmStateFile.Record(hash: try hash(1), completed: 5, snapshot: [1, 2, 3]),
            SwarmStateFile.Record(hash: try hash(2), completed: .max, snapshot: []),
        ]
        var bytes = SwarmStateFile.head(savedAt: 1_700_000_000, tagSeed: 99)
        for record in records { SwarmStateFile.append(record, to: &bytes) }
        let content = try #require(SwarmStateFile.parse(bytes))
        #expect(content.savedAt == 1_700_000_000)
        #expect(content.tagSeed == 99)
        #expect(content.records == records)
        #expect(content.isWhole)
    }

    @Test func aFileCutAnywhereGivesWhatIsWhole() throws {
        var bytes = SwarmStateFile.head(savedAt: 1, tagSeed: 2)
        let head = bytes.count
        SwarmStateFile.append(.init(hash: try hash(1), completed: 1, snapshot: [1, 2]), to: &bytes)
        let first = bytes.count
        SwarmStateFile.append(.init(hash: try hash(2), completed: 2, snapshot: [3]), to: &bytes)
        for length in 0..<bytes.count {
            let content = SwarmStateFile.parse(Array(bytes.prefix(length)))
            #expect((content == nil) == (length < head))
            guard let content else { continue }
            #expect(content.records.count == (length >= first ? 1 : 0))
            #expect(content.isWhole == (length == head || length == first))
        }
    }

    @Test func aLengthBeyondTheEndIsNoTrap() throws {
        var bytes = SwarmStateFile.head(savedAt: 1, tagSeed: 2)
        try hash(1).append(to: &bytes)
        bytes += Array(repeating: 0xff, count: 12)
        #expect(SwarmStateFile.parse(bytes)?.isWhole == false)
    }

    @Test func whatIsNoSuchFileIsNil() {
        #expect(SwarmStateFile.parse([]) == nil)
        #expect(SwarmStateFile.parse(Array("RSTRACK2".utf8) + Array(repeating: 0, count: 16)) == nil)
        #expect(SwarmStateFile.parse(Array(repeating: 0x52, count: 1000)) == nil)
    }

    // MARK: - Keeping

    @Test func T09_swarmsOutliveTheTracker() async throws {
        let file = try TemporaryFile("")
        let before = tracker()
        before.allow(try hash(1), completed: 4)
        try announce(try hash(1), from: 51, left: 0, to: before)
        try announce(try hash(1), from: 52, left: 9, to: before)
        let keeper = SwarmStateKeeper(
            path: file.path, tracker: before, roll: SwarmRoll(tracker: before), tagSeed: 7, logger: logger)
        try await keeper.save()

        let saved = try #require(SwarmStateKeeper.load(path: file.path, logger: logger))
        let after = tracker(seed: saved.tagSeed)
        let record = try #require(saved.records.first)
        #expect(saved.records.count == 1 && record.completed == 4)
        after.allow(record.hash, completed: record.completed)
        #expect(after.restore(record.snapshot, to: record.hash, age: 0) == 2)
        #expect(after.counts(record.hash).seeders == 1)
        #expect(after.counts(record.hash).leechers == 1)
        #expect(after.counts(record.hash).completed == 4)
    }

    @Test func nothingNewIsNothingWritten() async throws {
        let file = try TemporaryFile("")
        let tracker = tracker()
        let keeper = SwarmStateKeeper(
            path: file.path, tracker: tracker, roll: SwarmRoll(tracker: tracker), tagSeed: 1, logger: logger)
        try await keeper.save()
        try FileManager.default.removeItem(atPath: file.path)
        try await keeper.save()
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }

    @Test func whatTheStatisticsHaveSeenIsWrittenToo() async throws {
        let file = try TemporaryFile("")
        let tracker = tracker()
        tracker.allow(try hash(1))
        let roll = SwarmRoll(tracker: tracker)
        let keeper = SwarmStateKeeper(path: file.path, tracker: tracker, roll: roll, tagSeed: 1, logger: logger)
        try await keeper.save()
        try announce(try hash(1), from: 51, left: 0, to: tracker)
        #expect(roll.largest(1).map(\.seeders) == [1])
        try await keeper.save()
        #expect(try SwarmStateKeeper.load(path: file.path, logger: logger)?.records.map(\.hash) == [hash(1)])
    }

    @Test func theRollLetsTorrentsOfNobodyGo() throws {
        let tracker = tracker()
        for number in UInt8(1)...3 { tracker.allow(try hash(number), completed: number == 2 ? 1 : 0) }
        try announce(try hash(3), from: 51, left: 0, to: tracker)
        let roll = SwarmRoll(tracker: tracker, known: [try hash(1), try hash(2)])
        roll.tidy()
        #expect(try roll.all == [hash(2), hash(3)])
    }

    @Test func aSwarmThatWasNeverDownloadedAndIsEmptyIsNotKept() async throws {
        let file = try TemporaryFile("")
        let tracker = tracker()
        tracker.allow(try hash(1))
        tracker.allow(try hash(2), completed: 3)
        let roll = SwarmRoll(tracker: tracker, known: [try hash(1), try hash(2)])
        try await SwarmStateKeeper(path: file.path, tracker: tracker, roll: roll, tagSeed: 1, logger: logger).save()
        let saved = try #require(SwarmStateKeeper.load(path: file.path, logger: logger))
        #expect(try saved.records.map(\.hash) == [hash(2)])
        #expect(try roll.all == [hash(2)])
    }

    @Test func aPlaceThatCannotBeWrittenIsASentence() async throws {
        let tracker = tracker()
        let keeper = SwarmStateKeeper(
            path: "/nowhere/swarms", tracker: tracker, roll: SwarmRoll(tracker: tracker), tagSeed: 1, logger: logger)
        let failure = await #expect(throws: CommandFailure.self) { try await keeper.save() }
        #expect(failure?.message == "/nowhere/swarms.new cannot be written.")
    }

    @Test func aBrokenFileIsNoReasonNotToStart() throws {
        let file = try TemporaryFile("something else")
        #expect(SwarmStateKeeper.load(path: file.path, logger: logger) == nil)
        #expect(SwarmStateKeeper.load(path: "/nowhere/swarms", logger: logger) == nil)
    }

    // MARK: - The largest swarms

    @Test func theLargestSwarmsComeFirst() throws {
        let tracker = tracker()
        for size in [UInt8(1), 3, 2] {
            tracker.allow(try hash(size))
            for port in 0..<UInt16(size) { try announce(try hash(size), from: 100 + port, left: 0, to: tracker) }
        }
        tracker.allow(try hash(9))
        let roll = SwarmRoll(tracker: tracker)
        #expect(roll.largest(2).map(\.seeders) == [3, 2])
        #expect(roll.largest(10).map(\.seeders) == [3, 2, 1])
    }
}
