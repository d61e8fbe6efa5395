import ByteCoding
import Foundation
import Metainfo
import Synchronization
import Testing
import TorrentEngine

/// Downloads that end, wait or run out of room in ways that must leave nothing behind and nobody waiting.
@Suite(.timeLimit(.minutes(1))) struct DownloadEndingTests {
    @Test func moreThanMemoryHoldsGoesOnWhenTheDiskHasCaughtUp() async throws {
        // Four blocks of memory for pieces of sixteen: reading stops while blocks go to the disk unchecked.
        let made = try MadeTorrent(length: 12_000_000, pieceLength: 262_144)
        let folder = try TestFolder()
        var limits = EngineLimits.forTests
        limits.pieceMemory = 65_536
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader(limits: limits) { engine, _ in
                let hash = try await engine.add(made.download(to: folder, from: [try DownloadTests.endpoint(port)]))
                try await engine.reaches(hash) { $0 == .seeding }
                #expect(folder.bytes(of: "film.mp4") == made.bytes)
            }
        }
    }

    @Test func whoWaitsForBytesHearsThatTheEngineStops() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        try await withDownloader { engine, _ in
            let hash = try await engine.add(made.download(to: folder))
            try await engine.reaches(hash) { $0 == .downloading }
            let bytes = Task { try await engine.bytes(0..<100, of: hash) }
            try await Task.sleep(for: .milliseconds(50))
            await engine.stop()
            await #expect(throws: EngineError.stopped) { try await bytes.value }
        }
    }

    @Test func stoppingInTheMiddleKeepsWhatHasCome() async throws {
        let made = try MadeTorrent(length: 30_000_000, pieceLength: 65_536)
        let folder = try TestFolder()
        let state = folder.path + "/film.state"
        try await withEngine(torrents: [made]) { _, port in
            var added = try made.download(to: folder, from: [try DownloadTests.endpoint(port)])
            added.stateFile = state
            let first = added
            try await withDownloader { engine, _ in
                let hash = try await engine.add(first)
                try await eventually { await engine.status(of: hash)?.doneBytes ?? 0 > 1_000_000 }
            }
            try await withDownloader { engine, _ in
                added.peers = []
                let hash = try await engine.add(added)
                let status = try await engine.reaches(hash) { $0 == .downloading || $0 == .seeding }
                #expect(status.doneBytes > 1_000_000)
            }
        }
    }

    @Test func aPausedTorrentHoldsNoDescriptors() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { engine, _ in
                let hash = try await engine.add(made.download(to: folder, from: [try DownloadTests.endpoint(port)]))
                try await engine.reaches(hash) { $0 == .seeding }
                _ = try await engine.bytes(0..<10, of: hash)
                #expect(Self.openFiles(below: folder.path) > 0)
                await engine.pause(hash)
                try await eventually { Self.openFiles(below: folder.path) == 0 }
            }
        }
    }

    @Test func aFileOfSomebodyElseIsNotDeletedWithTheTorrent() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        try folder.write([1, 2, 3], to: "film.mp4")
        try await withDownloader { engine, _ in
            let hash = try await engine.add(made.download(to: folder))
            try await engine.reaches(hash) { if case .failed = $0 { true } else { false } }
            try await engine.removeContent(of: hash)
            #expect(folder.bytes(of: "film.mp4") == [1, 2, 3])
        }
    }

    /// Hazard P07: the class of the one who named a peer counts, whichever way it is added.
    @Test func addedPeersAreDialledAsFarAsWhoeverNamedThemMayReach() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        let refusals = Mutex(0)
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { configuration in
                configuration.onEvent = { event in
                    if event.text.hasPrefix("not dialled") { refusals.withLock { $0 += 1 } }
                }
            } _: { engine, _ in
                let hash = try await engine.add(made.download(to: folder))
                await engine.addPeers([try DownloadTests.endpoint(port)], to: hash, namedFrom: .public)
                #expect(refusals.withLock(\.self) == 1)
                await engine.addPeers([try DownloadTests.endpoint(port)], to: hash, namedFrom: .loopback)
                try await engine.reaches(hash) { $0 == .seeding }
            }
        }
    }

    /// Descriptors of this process that lead into a folder.
    private static func openFiles(below folder: String) -> Int {
        let links = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return links.count { link in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + link)
            return target?.hasPrefix(folder) == true
        }
    }
}
