import Foundation
import Metainfo
import Testing

@testable import Mediaspace

@Suite struct SpaceFolderTests {
    private func made() throws -> (TemporaryFolder, SpaceFolder) {
        let temporary = try TemporaryFolder()
        let folder = SpaceFolder(temporary.path + "/films/")
        try folder.create()
        return (temporary, folder)
    }

    @Test func whatBelongsToTheSpaceIsForItsOwnerAlone() throws {
        let (temporary, folder) = try made()
        #expect(folder.directory == temporary.path + "/films")
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.hidden)
        #expect(attributes[.posixPermissions] as? Int == 0o700)
    }

    @Test func torrentsAreKeptWithAllTrackersEverNamed() async throws {
        let (temporary, folder) = try made()
        defer { withExtendedLifetime(temporary) {} }
        let film = try await Film(trackers: [["udp://one.example:1/announce"]])
        let id = try folder.keep(film.torrent)
        var again = film.torrent
        again.announceTiers = [["udp://two.example:2/announce"]]
        #expect(try folder.keep(again) == id)
        #expect(
            folder.storedTorrent(id)?.announceTiers
                == [["udp://two.example:2/announce"], ["udp://one.example:1/announce"]])
        #expect(folder.ids() == [id])
        folder.forget(id)
        #expect(folder.ids().isEmpty && !folder.contains(id))
    }

    @Test func aTorrentUnderAWrongIDIsNotBelieved() async throws {
        let (temporary, folder) = try made()
        let other = try #require(MediaID(String(repeating: "77", count: 20)))
        let film = try await Film()
        try temporary.write("films/.reelswarm/torrents/\(other).torrent", film.torrent.encoded())
        #expect(folder.storedTorrent(other) == nil && folder.known(other) == nil)
    }

    @Test func aMagnetGivesWayToItsTorrent() async throws {
        let (temporary, folder) = try made()
        defer { withExtendedLifetime(temporary) {} }
        let film = try await Film()
        let link = MagnetLink(infoHashV1: film.id.infoHash)
        let id = try folder.keep(link)
        guard case .magnet = folder.known(id) else {
            Issue.record("no magnet")
            return
        }
        try folder.keep(film.torrent)
        guard case .torrent = folder.known(id) else {
            Issue.record("no torrent")
            return
        }
        #expect(try folder.keep(link) == id)
        #expect(folder.storedTorrent(id) != nil)
    }

    @Test func recordsThatAreNoneAreIgnored() throws {
        let (temporary, folder) = try made()
        let id = try #require(MediaID(String(repeating: "12", count: 20)))
        var entry = SpaceEntry(id: id, folder: "/films")
        entry.part = .bytes(4..<9)
        try entry.save(in: folder)
        #expect(SpaceEntry.load(id, in: folder) == entry)
        for text in ["", "{", "null", "[1]", #"{"id":"12"}"#] {
            try temporary.write("films/.reelswarm/entries/\(id).json", Array(text.utf8))
            #expect(SpaceEntry.load(id, in: folder) == nil)
        }
    }

    @Test func anEmptySpaceLeavesNothingBehind() throws {
        let (temporary, folder) = try made()
        let lock = try #require(try SpaceLock.take(folder))
        folder.removeIfEmpty()
        lock.release()
        #expect(!temporary.exists("films/.reelswarm"))
    }

    @Test func aSpaceWithSomethingInItStays() async throws {
        let (temporary, folder) = try made()
        try folder.keep(try await Film().torrent)
        folder.removeIfEmpty()
        #expect(temporary.exists("films/.reelswarm/torrents"))
    }
}

@Suite struct SpaceLockTests {
    @Test func oneHoldsTheLockAtATime() throws {
        let temporary = try TemporaryFolder()
        let folder = SpaceFolder(temporary.path)
        let first = try #require(try SpaceLock.take(folder))
        #expect(try SpaceLock.take(folder) == nil)
        first.release()
        #expect(try SpaceLock.take(folder) != nil)
    }

    @Test func aLockOnARemovedFileIsNone() throws {
        let temporary = try TemporaryFolder()
        let folder = SpaceFolder(temporary.path)
        let first = try #require(try SpaceLock.take(folder))
        try FileManager.default.removeItem(atPath: folder.lock)
        let second = try SpaceLock.take(folder)
        #expect(second != nil)
        withExtendedLifetime(first) {}
    }
}

@Suite struct ContentPlaceTests {
    private func place(_ folder: TemporaryFolder) throws -> ContentPlace {
        let files = [
            TorrentFile(path: ["a", "one.mp4"], length: 5, offset: 0),
            TorrentFile(path: ["two.txt"], length: 3, offset: 5),
        ]
        let info = InfoDictionary.multiFileV1(
            name: "show", files: files, pieceLength: 16_384, pieces: [UInt8](repeating: 1, count: 20))
        return ContentPlace(info: try TorrentInfo(decoding: info), folder: folder.path)
    }

    @Test func filesLieUnderTheTorrentsName() throws {
        let folder = try TemporaryFolder()
        let place = try place(folder)
        #expect(place.files.map(\.path) == ["\(folder.path)/show/a/one.mp4", "\(folder.path)/show/two.txt"])
        #expect(!place.isTouched && !place.hasAllFiles && place.obstacle == nil)
        try folder.write("show/a/one.mp4", [1, 2, 3, 4, 5])
        #expect(place.isTouched && !place.hasAllFiles)
        try folder.write("show/two.txt", [1, 2, 3, 4])
        #expect(place.obstacle == "\(folder.path)/show/two.txt")
        try folder.write("show/two.txt", [1, 2, 3])
        #expect(place.hasAllFiles && place.obstacle == nil)
    }

    @Test func removingTakesNothingElseAlong() throws {
        let folder = try TemporaryFolder()
        let place = try place(folder)
        try folder.write("show/a/one.mp4", [1])
        try folder.write("show/two.txt", [1])
        try folder.write("show/own.txt", [9])
        place.remove()
        #expect(!folder.exists("show/a") && !folder.exists("show/two.txt") && folder.exists("show/own.txt"))
    }

    @Test func removingDoesNotFollowLinks() throws {
        let folder = try TemporaryFolder()
        let elsewhere = try TemporaryFolder()
        try elsewhere.write("one.mp4", [7])
        let place = try place(folder)
        try folder.write("show/two.txt", [1])
        try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/show/a", withDestinationPath: elsewhere.path)
        place.remove()
        #expect(elsewhere.exists("one.mp4"))
    }

    @Test func bytesAreReadAcrossFiles() throws {
        let folder = try TemporaryFolder()
        let place = try place(folder)
        try folder.write("show/a/one.mp4", [1, 2, 3, 4, 5])
        try folder.write("show/two.txt", [6, 7, 8])
        #expect(try ContentReader(place: place).bytes(3..<7) == [4, 5, 6, 7])
        try folder.write("show/two.txt", [6])
        #expect(throws: SpaceError.self) { try ContentReader(place: place).bytes(3..<7) }
    }

    @Test func contentIsBroughtOutByLinksAndNothingIsReplaced() throws {
        let folder = try TemporaryFolder()
        let place = try place(folder)
        try folder.write("show/a/one.mp4", [1, 2, 3, 4, 5])
        try folder.write("show/two.txt", [6, 7, 8])
        try ContentCopy.link(place, to: folder.path + "/out")
        try ContentCopy.link(place, to: folder.path + "/out")
        #expect(folder.read("out/a/one.mp4") == [1, 2, 3, 4, 5])
        try folder.write("other/two.txt", [0])
        #expect(throws: SpaceError.self) { try ContentCopy.link(place, to: folder.path + "/other") }
        #expect(folder.read("other/two.txt") == [0])
        try ContentCopy.extract([4..<6], of: place, to: folder.path + "/part")
        #expect(folder.read("part") == [5, 6])
        #expect(throws: SpaceError.self) { try ContentCopy.extract([0..<1], of: place, to: folder.path + "/part") }
        #expect(folder.read("part") == [5, 6])
    }
}

@Suite struct TorrentBesideTests {
    @Test func nobodysFileIsReplaced() async throws {
        let folder = try TemporaryFolder()
        let film = try await Film()
        let path = try folder.write("film.mp4", film.bytes)
        try folder.write("film.mp4.torrent", [1, 2, 3])
        #expect(TorrentBeside.find(for: path) == nil)
        #expect(try TorrentBeside.write(film.torrent, for: path) == "\(path).2.torrent")
        #expect(folder.read("film.mp4.torrent") == [1, 2, 3])
        #expect(TorrentBeside.find(for: path)?.torrent == film.torrent)
    }

    @Test func theSameTorrentCountsAsWritten() async throws {
        let folder = try TemporaryFolder()
        let film = try await Film(trackers: [["udp://one.example:1/announce"]])
        let path = try folder.write("film.mp4", film.bytes)
        #expect(try TorrentBeside.write(film.torrent, for: path) == "\(path).torrent")
        var other = film.torrent
        other.announceTiers = []
        #expect(try TorrentBeside.write(other, for: path) == "\(path).torrent")
        #expect(TorrentBeside.find(for: path)?.torrent.announceTiers.isEmpty == false)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
    }

    @Test func aTorrentOfAnotherLengthIsNotThisFilms() async throws {
        let folder = try TemporaryFolder()
        let film = try await Film()
        let path = try folder.write("film.mp4", length: 5)
        try folder.write("film.mp4.torrent", film.torrent.encoded())
        #expect(TorrentBeside.find(for: path) == nil)
    }
}
