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

    @Test(.enabled(if: Self.inReadme != nil, "README.md has no such example"))
    func theExampleOfTheReadmeIsThisOne() throws {
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let code = try #require(source.firstMatch(of: /\/\/ example begins\n([\s\S]*?) *\/\/ example ends/)).1
        let lines = code.split(separator: "\n", omittingEmptySubsequences: false).map { $0.dropFirst(4) }
        #expect(lines.joined(separator: "\n") == Self.inReadme)
    }

    /// The example as README.md has it.
    private static var inReadme: String? {
        let readme = URL(filePath: #filePath).appending(path: "../../../README.md").standardizedFileURL
        let text = try? String(contentsOf: readme, encoding: .utf8)
        return text?.firstMatch(of: /### Use the library\n[\s\S]*?```swift\n([\s\S]*?)```/).map { String($0.1) }
    }
}
