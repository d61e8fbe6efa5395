import Foundation
import Logging
import Metainfo
import Testing
import TrackerServer

@testable import ReelswarmApp

@Suite struct TrackListTests {
    private static let one = String(repeating: "0a", count: 20)
    private static let two = String(repeating: "B7", count: 20)
    private static let long = String(repeating: "c3", count: 32)

    private func hash(_ hex: String) throws -> InfoHash { try #require(InfoHash(hex: String(hex.prefix(40)))) }

    private func tracker() -> Tracker {
        Tracker(configuration: TrackerConfiguration(hosts: ["127.0.0.1"]), logger: Logger(label: "test"))
    }

    // MARK: - Reading

    @Test func hashesCommentsAndBlankLinesAreTold() throws {
        let text = "# films\n\n\(Self.one)\r\n  \(Self.two)\t# the sea\n\(Self.long)\n"
        let list = HashList(Array(text.utf8))
        #expect(try list.torrents.keys.sorted() == [hash(Self.one), hash(Self.two), hash(Self.long)])
        #expect(list.torrents.values.allSatisfy { $0 == nil })
        #expect(list.brokenLines.isEmpty)
    }

    @Test func twoHashesOnALineAreOneHybrid() throws {
        let list = HashList(Array("\(Self.one) \(Self.long)\n".utf8))
        #expect(list.torrents == [try hash(Self.one): try hash(Self.long)])
        let same = HashList(Array("\(Self.one) \(Self.one)\n".utf8))
        #expect(same.torrents == [try hash(Self.one): nil])
        let spaced = HashList(Array("\(Self.one)  \(Self.long)  # name\n".utf8))
        #expect(try spaced.torrents == [hash(Self.one): hash(Self.long)])
        #expect(spaced.brokenLines.isEmpty)
    }

    @Test(arguments: ["film", "0a0b", String(repeating: "g", count: 40), "a b c", "\u{0}", "é"])
    func aBrokenLineIsNamedAndTheRestCounts(_ line: String) throws {
        let list = HashList(Array("\(Self.one)\n\(line)\n\(Self.two)".utf8))
        #expect(list.brokenLines == [2])
        #expect(list.torrents.count == 2)
    }

    @Test func aFileOfNoTextAtAllIsBornWithAFewWarnings() {
        let noise = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }
        let list = HashList(noise)
        #expect(list.torrents.isEmpty)
        #expect(list.brokenLines.count <= 100 && list.brokenCount >= list.brokenLines.count)
    }

    @Test func passkeysAreThoseThatStandInAURL() {
        let list = PasskeyList(
            Array("# friends\nada-1\n\n  berta_2\t\r\nwith space\nslash/ed\n\(Self.long)x\n~._-".utf8))
        #expect(list.keys == ["ada-1", "berta_2", "~._-"])
        #expect(list.brokenLines == [5, 6, 7])
    }

    // MARK: - Following

    @Test func aChangedListAllowsAndRefuses() throws {
        let tracker = tracker()
        let list = AllowList(tracker: tracker, completed: [try hash(Self.two): 7])
        #expect(list.apply([try hash(Self.one): nil]) == (1, 0))
        #expect(tracker.isTracking(try hash(Self.one)))
        #expect(list.apply([try hash(Self.two): nil]) == (1, 1))
        #expect(!tracker.isTracking(try hash(Self.one)))
        #expect(tracker.counts(try hash(Self.two)).completed == 7)
    }

    @Test func aTorrentThatComesBackKeepsItsCompletedDownloads() throws {
        let tracker = tracker()
        let list = AllowList(tracker: tracker, completed: [try hash(Self.one): 3])
        list.apply([try hash(Self.one): nil])
        list.apply([:])
        #expect(tracker.counts(try hash(Self.one)).completed == 0)
        list.apply([try hash(Self.one): nil])
        #expect(tracker.counts(try hash(Self.one)).completed == 3)
    }

    @Test func theOtherHashOfAHybridComesAndGoesWithIt() throws {
        let tracker = tracker()
        let list = AllowList(tracker: tracker, completed: [:])
        list.apply([try hash(Self.one): try hash(Self.long)])
        #expect(tracker.isTracking(try hash(Self.long)))
        #expect(list.apply([try hash(Self.one): nil]) == (0, 0))
        #expect(tracker.isTracking(try hash(Self.one)))
        #expect(!tracker.isTracking(try hash(Self.long)))
        list.apply([try hash(Self.one): try hash(Self.long)])
        list.apply([:])
        #expect(!tracker.isTracking(try hash(Self.one)))
        #expect(!tracker.isTracking(try hash(Self.long)))
    }

    @Test func aFileIsReadAgainWhenTwoLooksSeeTheSameChange() throws {
        let file = try TemporaryFile("one")
        var watched = WatchedFile(path: file.path)
        #expect(watched.readNow() == Array("one".utf8))
        #expect(watched.look() == .unchanged)
        try file.write("other")
        #expect(watched.look() == .unchanged)
        #expect(watched.look() == .changed(Array("other".utf8)))
        #expect(watched.look() == .unchanged)
    }

    @Test func aFileThatGoesIsToldOnceAndReadWhenItIsBack() throws {
        let file = try TemporaryFile("one")
        var watched = WatchedFile(path: file.path)
        _ = watched.readNow()
        try FileManager.default.removeItem(atPath: file.path)
        #expect(watched.look() == .gone)
        #expect(watched.look() == .unchanged)
        try file.write("back")
        #expect(watched.look() == .unchanged)
        #expect(watched.look() == .changed(Array("back".utf8)))
    }

    @Test func aFolderIsNoFile() {
        var watched = WatchedFile(path: FileManager.default.temporaryDirectory.path())
        #expect(watched.readNow() == nil)
    }

    @Test func aMissingListKeepsTheTrackerFromStarting() async throws {
        let follower = ListFollower(
            allowFile: "/nowhere/torrents", allowList: AllowList(tracker: tracker(), completed: [:]), passkeyFile: nil,
            passkeys: { _ in }, logger: Logger(label: "test"))
        let failure = await #expect(throws: CommandFailure.self) { try await follower.readAll() }
        #expect(failure?.message == "/nowhere/torrents cannot be read.")
        #expect(failure?.status == 1)
    }

    @Test func bothFilesAreFollowedAndALostOneStaysInForce() async throws {
        let torrents = try TemporaryFile(Self.one), keys = try TemporaryFile("ada")
        let tracker = tracker()
        let taken = Taken()
        let follower = ListFollower(
            allowFile: torrents.path, allowList: AllowList(tracker: tracker, completed: [:]), passkeyFile: keys.path,
            passkeys: { taken.keys = $0 }, logger: Logger(label: "test"))
        try await follower.readAll()
        #expect(tracker.isTracking(try hash(Self.one)))
        #expect(taken.keys == ["ada"])
        try torrents.write(Self.two)
        try keys.write("berta")
        await follower.look()
        await follower.look()
        #expect(try tracker.isTracking(hash(Self.two)) && !tracker.isTracking(hash(Self.one)))
        #expect(taken.keys == ["berta"])
        try FileManager.default.removeItem(atPath: torrents.path)
        await follower.look()
        #expect(tracker.isTracking(try hash(Self.two)))
    }
}
