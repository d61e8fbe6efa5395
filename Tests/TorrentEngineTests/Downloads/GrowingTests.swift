import ByteCoding
import Metainfo
import Testing
import TorrentEngine

/// Somebody reads here and there in a torrent of which nothing else is wanted.
@Suite(.timeLimit(.minutes(1))) struct GrowingTests {
    private var growing: WantedBytes {
        var wanted = WantedBytes.nothing
        wanted.isGrowing = true
        return wanted
    }

    @Test func whileMoreIsToComeItIsNotDone() async throws {
        let made = try MadeTorrent(length: 1_000_000, pieceLength: 65_536)
        let folder = try TestFolder()
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { engine, _ in
                var added = try made.download(to: folder, from: [try DownloadTests.endpoint(port)])
                added.wanted = growing
                added.sharesWhenDone = false
                let hash = try await engine.add(added)
                try await engine.reaches(hash) { $0 == .downloading }
                #expect(await engine.missingBytes(in: [0..<10, 5..<70_000, 999_999..<5_000_000], of: hash) == 148_032)
                #expect(try await engine.bytes(0..<10, of: hash) == Array(made.bytes[0..<10]))
                #expect(try await engine.bytes(900_000..<900_010, of: hash) == Array(made.bytes[900_000..<900_010]))
                #expect(await engine.missingBytes(in: [0..<70_000], of: hash) == 65_536)
                let status = try #require(await engine.status(of: hash))
                #expect(status.state == .downloading && !status.isUploadOnly && status.peers == 1)
                #expect(status.downloaded == 2 * 65_536)
                await engine.want(WantedBytes(ranges: [0..<10]), of: hash)
                let done = try await engine.reaches(hash) { $0 == .done }
                #expect(done.isUploadOnly && done.doneBytes == 65_536)
            }
        }
    }

    @Test func aWholeTorrentIsDoneWhateverMayBeWanted() async throws {
        let made = try MadeTorrent(length: 300_000, pieceLength: 65_536)
        let folder = try TestFolder()
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { engine, _ in
                var added = try made.download(to: folder, from: [try DownloadTests.endpoint(port)])
                added.wanted = growing
                let hash = try await engine.add(added)
                #expect(try await engine.bytes(0..<300_000, of: hash) == made.bytes)
                try await engine.reaches(hash) { $0 == .seeding }
            }
        }
    }

    @Test func whoIsCancelledWaitsNoLonger() async throws {
        let made = try MadeTorrent(length: 300_000, pieceLength: 65_536)
        let folder = try TestFolder()
        try await withDownloader { engine, _ in
            var added = try made.download(to: folder)
            added.wanted = growing
            let hash = try await engine.add(added)
            let reading = Task { try await engine.bytes(0..<10, of: hash) }
            try await eventually { await engine.status(of: hash)?.wantedBytes == 65_536 }
            reading.cancel()
            await #expect(throws: EngineError.cancelled) { try await reading.value }
            try await eventually { await engine.status(of: hash)?.wantedBytes == 0 }
            // Cancelled before it began.
            let late = Task {
                while !Task.isCancelled { await Task.yield() }
                return try await engine.bytes(0..<10, of: hash)
            }
            late.cancel()
            await #expect(throws: EngineError.cancelled) { try await late.value }
        }
    }

    @Test func whatCameEarlierIsCountedApart() async throws {
        let made = try MadeTorrent(length: 300_000, pieceLength: 65_536)
        let folder = try TestFolder()
        let state = try TestFolder()
        try await withEngine(torrents: [made]) { _, port in
            for (part, earlier, all) in [(0..<10, 0, 65_536), (100_000..<100_010, 65_536, 131_072)] {
                try await withDownloader { engine, _ in
                    var added = try made.download(to: folder, from: [try DownloadTests.endpoint(port)])
                    added.stateFile = state.path + "/state"
                    added.wanted = WantedBytes(ranges: [Int64(part.lowerBound)..<Int64(part.upperBound)])
                    let hash = try await engine.add(added)
                    let status = try await engine.reaches(hash) { $0 == .seeding }
                    #expect(status.downloaded == Int64(all) && status.downloadedEarlier == Int64(earlier))
                }
            }
        }
    }
}
