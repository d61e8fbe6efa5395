import Foundation
import Testing

@testable import Mediaspace

@Suite struct FolderScanTests {
    @Test func filmsAndTorrentsAreFoundAtAnyDepth() throws {
        let folder = try TemporaryFolder()
        for name in ["a.MP4", "deep/er/b.webm", "c.txt", "d.torrent", ".hidden.mp4", ".reelswarm/e.mp4", "mp4", ".mp4"]
        {
            try folder.write(name, [1])
        }
        let scan = FolderScan(of: folder.path)
        #expect(Set(scan.films.keys) == ["\(folder.path)/a.MP4", "\(folder.path)/deep/er/b.webm"])
        #expect(Array(scan.torrents.keys) == ["\(folder.path)/d.torrent"])
    }

    @Test func linksAreNotFollowed() throws {
        let folder = try TemporaryFolder()
        let other = try TemporaryFolder()
        try other.write("a.mp4", [1])
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: "\(folder.path)/loop", withDestinationPath: folder.path)
        try manager.createSymbolicLink(atPath: "\(folder.path)/away", withDestinationPath: other.path)
        try manager.createSymbolicLink(atPath: "\(folder.path)/b.mp4", withDestinationPath: "\(other.path)/a.mp4")
        #expect(FolderScan(of: folder.path) == FolderScan())
    }

    @Test func aFolderThatCannotBeReadIsEmpty() { #expect(FolderScan(of: "/nowhere/at/all") == FolderScan()) }
}

@Suite struct FolderChangesTests {
    private let start = ContinuousClock.now
    private let second: Int64 = 1_000_000_000

    /// Facts of a file with this length in a folder of this test.
    private func facts(_ folder: TemporaryFolder, _ name: String, _ length: Int) throws -> FileFacts {
        try #require(FileFacts(try folder.write(name, length: length)))
    }

    @Test func aFileThatRestsForOneIntervalHasCome() throws {
        let folder = try TemporaryFolder()
        let file = try facts(folder, "a.mp4", 5)
        var changes = FolderChanges(interval: .seconds(60))
        let wall = file.changed + second
        #expect(changes.look(at: ["a": file], now: start, wallClock: wall).new == [])
        #expect(changes.isWaiting)
        #expect(changes.look(at: ["a": file], now: start + .seconds(59), wallClock: wall).new == [])
        #expect(changes.look(at: ["a": file], now: start + .seconds(60), wallClock: wall).new == ["a"])
        #expect(changes.look(at: ["a": file], now: start + .seconds(120), wallClock: wall).new == [])
        #expect(!changes.isWaiting)
    }

    @Test func aFileWhoseTimesAreOldEnoughHasComeAtOnce() throws {
        let folder = try TemporaryFolder()
        let file = try facts(folder, "a.mp4", 5)
        var changes = FolderChanges(interval: .seconds(60))
        #expect(changes.look(at: ["a": file], now: start, wallClock: file.changed + 60 * second).new == ["a"])
    }

    @Test func aGrowingFileWaits() throws {
        let folder = try TemporaryFolder()
        var changes = FolderChanges(interval: .seconds(10))
        for step in 0..<5 {
            let file = try facts(folder, "a.mp4", 5 + step)
            let found = changes.look(
                at: ["a": file], now: start + .seconds(10 * step), wallClock: file.changed + second)
            #expect(found == FolderChanges.Found())
        }
        let file = try #require(FileFacts("\(folder.path)/a.mp4"))
        let later = start + .seconds(50)
        #expect(changes.look(at: ["a": file], now: later, wallClock: file.changed + second).new == ["a"])
    }

    @Test func timesInTheFutureDoNotTrap() throws {
        let folder = try TemporaryFolder()
        let file = try facts(folder, "a.mp4", 5)
        var changes = FolderChanges(interval: .seconds(10))
        #expect(changes.look(at: ["a": file], now: start, wallClock: .min).new == [])
        #expect(changes.look(at: ["a": file], now: start + .seconds(10), wallClock: .min).new == ["a"])
    }

    @Test func whatChangesOrGoesIsGone() throws {
        let folder = try TemporaryFolder()
        let (one, two) = (try facts(folder, "a", 5), try facts(folder, "b", 6))
        var changes = FolderChanges(interval: .zero)
        #expect(changes.look(at: ["a": one, "b": two], now: start, wallClock: 0).new == ["a", "b"])
        #expect(changes.look(at: ["b": one], now: start, wallClock: 0) == .init(new: ["b"], gone: ["a", "b"]))
        #expect(changes.look(at: [:], now: start, wallClock: 0).gone == ["b"])
    }

    @Test func aForgottenFileComesAgain() throws {
        let folder = try TemporaryFolder()
        let file = try facts(folder, "a", 5)
        var changes = FolderChanges(interval: .zero)
        #expect(changes.look(at: ["a": file], now: start, wallClock: 0).new == ["a"])
        changes.forget("a")
        #expect(changes.look(at: ["a": file], now: start, wallClock: 0) == .init(new: ["a"], gone: []))
    }
}
