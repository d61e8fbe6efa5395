import Foundation
import Logging
import Mediaspace
import Testing
import TrackerServer

/// The example of README.md, "Use the library", as code that runs; it uses what every other program can use.
@Suite(.timeLimit(.minutes(1))) struct ExampleTests {
    // example begins
    /// Puts a film into one space and gets it out of the swarm into another; returns its first bytes there.
    func exchange(_ film: String, through tracker: String, archive: String, cache: String) async throws -> [UInt8] {
        var configuration = SpaceConfiguration()
        configuration.announceTiers = [[tracker]]
        configuration.allowsPrivateAddresses = true  // for a tracker in the own network; off by default
        let publisher = try await Space.open(archive, configuration: configuration)
        let id = try await publisher.put(film)  // hashed, then seeded from where it lies

        let viewer = try await Space.open(cache, configuration: configuration)
        try await viewer.get("magnet:?xt=urn:btih:\(id)&tr=\(tracker)") { status in
            print(status.state, status.progress, status.peers)
        }
        let files = try await viewer.share(id)  // returns when all of it is here, and seeds on
        print(files.map(\.path))
        let start = try await viewer.bytes(0..<4096, of: id)

        await viewer.close()
        await publisher.close()
        return start
    }
    // example ends

    // clip example begins
    /// Fetches seconds 62 to 100 of a film, and nothing else of it.
    func quote(_ film: String, to output: String, in space: Space) async throws -> ClipResult {
        let clip = try await space.get(film, clip: ClipRequest(start: 62, end: 100), to: output)
        print("begins at \(clip.cut.actualStart) s; fetched \(clip.bytesFetched) of \(clip.filmBytes) bytes")
        return clip
    }
    // clip example ends

    @Test(.enabled(if: MadeFilm.hasTools, "ffmpeg or reelswarm-media-worker is missing"))
    func theClipExampleFetchesAPart() async throws {
        let (archive, cache) = (try TemporaryFolder(), try TemporaryFolder())
        let film = try MadeFilm.make("\(archive.path)/film.mp4", seconds: 120)
        let tracker = Tracker(
            configuration: TrackerConfiguration(hosts: ["127.0.0.1"], isOpen: true), logger: .quiet)
        let port = try await tracker.start(port: 0)
        defer { tracker.stop() }
        var configuration = SpaceConfiguration()
        configuration.announceTiers = [["udp://127.0.0.1:\(port)/announce"]]
        configuration.allowsPrivateAddresses = true
        configuration.mediaWorker = MadeFilm.worker
        let publisher = try await Space.open(archive.path, configuration: configuration)
        try await publisher.put(film, PutOptions(writesTorrent: true))
        let viewer = try await Space.open(cache.path, configuration: configuration)
        let clip = try await quote(film + ".torrent", to: "\(cache.path)/clip.mp4", in: viewer)
        #expect(clip.hadIndex && clip.bytesFetched < clip.filmBytes / 2 && abs(clip.cut.duration - 38) < 0.2)
        await viewer.close()
        await publisher.close()
    }

    @Test func theExampleMovesAFilm() async throws {
        let (archive, cache) = (try TemporaryFolder(), try TemporaryFolder())
        let film = try archive.write("films/holiday.mp4", length: 700_000, seed: 3)
        let tracker = Tracker(
            configuration: TrackerConfiguration(hosts: ["127.0.0.1"], isOpen: true), logger: .quiet)
        let port = try await tracker.start(port: 0)
        defer { tracker.stop() }
        let start = try await exchange(
            film, through: "udp://127.0.0.1:\(port)/announce", archive: archive.path, cache: cache.path)
        #expect(start == Array(TemporaryFolder.bytes(700_000, seed: 3).prefix(4096)))
        #expect(cache.read("holiday.mp4") == archive.read("films/holiday.mp4"))
    }

    @Test(.enabled(if: Self.readme != nil, "there is no README.md"), arguments: ["", "clip "])
    func theExamplesOfTheReadmeAreThese(_ name: String) throws {
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let begin = try #require(source.range(of: "    // \(name)example begins\n"))
        let end = try #require(
            source.range(of: "    // \(name)example ends", range: begin.upperBound..<source.endIndex))
        let code = source[begin.upperBound..<end.lowerBound]
        let lines = code.split(separator: "\n", omittingEmptySubsequences: false).map { $0.dropFirst(4) }
        #expect(try #require(Self.readme).contains("```swift\n" + lines.joined(separator: "\n") + "```"))
    }

    private static let readme = try? String(
        contentsOf: URL(filePath: #filePath).appending(path: "../../../README.md").standardizedFileURL, encoding: .utf8)
}
