import Foundation
import Metainfo
import Testing

@testable import ReelswarmApp

/// Where `create` writes, and what it never replaces.
@Suite struct TorrentOutputTests {
    private let folder: URL
    private let film: String
    private let torrent: Data

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "output-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "made"), withIntermediateDirectories: true)
        film = folder.appending(path: "film.mp4").path(percentEncoded: false)
        try Data("film".utf8).write(to: URL(filePath: film))
        let info = InfoDictionary.singleFileV1(
            name: "film.mp4", length: 4, pieceLength: 16_384, pieces: [UInt8](repeating: 1, count: 20))
        torrent = Data(try Torrent(infoBytes: info).encoded())
    }

    private func path(_ name: String) -> String { folder.path(percentEncoded: false) + "/" + name }

    private func failure(_ output: String, of content: String) -> CommandFailure? {
        #expect(throws: CommandFailure.self) { try TorrentOutput(output, of: content) }
    }

    @Test func aFolderTakesOneCalledLikeTheContent() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try TorrentOutput(path("new.torrent"), of: film).path == path("new.torrent"))
        #expect(try TorrentOutput(path("made"), of: film).path == path("made/film.mp4.torrent"))
        #expect(try TorrentOutput(path("made/"), of: film).path == path("made/film.mp4.torrent"))
        #expect(try TorrentOutput(path("made/"), of: path("made/")).path == path("made/made.torrent"))
        for none in ["none/", "none/a.torrent"] {
            #expect(failure(path(none), of: film)?.message.hasPrefix("There is no folder") == true)
        }
    }

    @Test func onlyATorrentIsReplaced() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try torrent.write(to: URL(filePath: path("old.torrent")))
        #expect(try TorrentOutput(path("old.torrent"), of: film).path == path("old.torrent"))
        try Data("notes".utf8).write(to: URL(filePath: path("notes.torrent")))
        try FileManager.default.createSymbolicLink(atPath: path("link.torrent"), withDestinationPath: film)
        for (output, content) in [
            (film, film), (path("notes.torrent"), film), (path("link.torrent"), film),
            (path("old.torrent"), path("old.torrent")), (path("made/../old.torrent"), path("old.torrent")),
        ] {
            #expect(failure(output, of: content)?.message.contains("exists already") == true)
        }
        #expect(FileManager.default.contents(atPath: film) == Data("film".utf8))
    }
}
