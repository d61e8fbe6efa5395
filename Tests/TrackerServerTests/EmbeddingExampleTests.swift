import Foundation
import Logging
import Metainfo
import Testing
import TrackerServer
import TrackerWire

/// The example of README.md, "Embed the tracker", as code that runs; it uses what every other program can use.
@Suite struct EmbeddingExampleTests {
    // example begins
    /// Tracks one torrent until it has as many seeders as wanted; `ready` is told the port.
    func track(_ infoHash: InfoHash, untilSeeders count: Int, ready: (Int) throws -> Void) async throws -> SwarmCounts {
        let tracker = Tracker(
            configuration: TrackerConfiguration(hosts: ["127.0.0.1", "::1"]), logger: Logger(label: "tracker"))
        tracker.allow(infoHash)  // every other torrent is refused
        let changes = tracker.changes()
        let port = try await tracker.start(port: 0)  // udp://127.0.0.1:port/announce answers now
        async let running: Void = tracker.run()  // lets silent peers go
        try ready(port)

        for await change in changes where change.hash == infoHash {
            print("seeders \(change.counts.seeders), leechers \(change.counts.leechers)")
            if change.counts.seeders >= count { break }
        }
        let counts = tracker.counts(infoHash)
        tracker.stop()
        try await running
        return counts
    }
    // example ends

    @Test func theExampleFollowsRealAnnounces() async throws {
        let counts = try await track(.of(7), untilSeeders: 2) { port in
            for (number, host) in [(1, "127.0.0.1"), (2, "::1"), (3, "127.0.0.1")] {
                let client = try UDPClient(to: host, port: port)
                let peer = Peer(
                    id: number, ip: host, port: 6880 + UInt16(number), left: number == 3 ? 9 : 0, event: .started,
                    hash: .of(7))
                guard case .announce = try client.announce(peer, id: try client.connect()) else {
                    throw UDPClient.Failure()
                }
            }
        }
        #expect(counts.seeders == 2)
        #expect(counts.leechers == 1)
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
        return text?.firstMatch(of: /### Embed the tracker\n[\s\S]*?```swift\n([\s\S]*?)```/).map { String($0.1) }
    }
}
