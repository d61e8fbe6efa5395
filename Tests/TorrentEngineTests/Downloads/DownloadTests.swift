import ByteCoding
import Metainfo
import Testing
import TorrentEngine

/// Whole downloads from one engine by another.
@Suite(.timeLimit(.minutes(1))) struct DownloadTests {
    @Test func aTorrentIsDownloadedWholeAndSeededOn() async throws {
        let made = try MadeTorrent(length: 1_000_003)
        let folder = try TestFolder()
        try await withEngine(torrents: [made]) { seed, port in
            try await withDownloader { engine, _ in
                let hash = try await engine.add(made.download(to: folder, from: [try Self.endpoint(port)]))
                #expect(hash == made.hash)
                let status = try await engine.reaches(hash) { $0 == .seeding }
                #expect(folder.bytes(of: "film.mp4") == made.bytes)
                #expect(status.progress == 1 && status.doneBytes == 1_000_003 && status.isUploadOnly)
                #expect(status.downloaded == 1_000_003 && status.wasted == 0)
                try await eventually { seed.uploaded(made.hash) == 1_000_003 }
            }
        }
    }

    @Test func aMagnetFetchesItsMetadataFromPeers() async throws {
        // More than one metadata block: 20 bytes for each of 2,000 pieces.
        let made = try MadeTorrent(length: 2_000_000, pieceLength: 1_000)
        let folder = try TestFolder()
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { engine, _ in
                let hash = try await engine.add(made.magnet(to: folder, from: [try Self.endpoint(port)]))
                try await engine.reaches(hash) { $0 == .seeding }
                #expect(folder.bytes(of: "film.mp4") == made.bytes)
                #expect(await engine.torrent(of: hash)?.infoBytes == made.info)
            }
        }
    }

    @Test func onlyThePiecesOfTheWantedBytesAreFetched() async throws {
        let made = try MadeTorrent(length: 1_000_000, pieceLength: 65_536)
        let folder = try TestFolder()
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { engine, _ in
                var added = try made.download(to: folder, from: [try Self.endpoint(port)])
                added.wanted = WantedBytes(ranges: [200_000..<300_000], order: .inOrder)
                added.sharesWhenDone = false
                let hash = try await engine.add(added)
                let status = try await engine.reaches(hash) { $0 == .done }
                #expect(status.downloaded == 2 * 65_536)
                let bytes = try #require(folder.bytes(of: "film.mp4"))
                #expect(bytes[200_000..<300_000] == made.bytes[200_000..<300_000])
            }
        }
    }

    @Test func bytesAreReadWhileTheyComeAndBecomeWanted() async throws {
        let made = try MadeTorrent(length: 1_000_000, pieceLength: 65_536)
        let folder = try TestFolder()
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { engine, _ in
                var added = try made.download(to: folder, from: [try Self.endpoint(port)])
                added.wanted = .nothing
                let hash = try await engine.add(added)
                #expect(try await engine.bytes(700_001..<900_001, of: hash) == Array(made.bytes[700_001..<900_001]))
                await #expect(throws: EngineError.outOfRange) { try await engine.bytes(0..<1_000_001, of: hash) }
            }
        }
    }

    @Test func twoDownloadersGiveEachOtherWhatTheyHave() async throws {
        let made = try MadeTorrent(length: 3_000_000, pieceLength: 65_536)
        let folders = [try TestFolder(), try TestFolder()]
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { first, firstEndpoint in
                try await withDownloader { second, _ in
                    let seed = try Self.endpoint(port)
                    let hash = try await first.add(made.download(to: folders[0], from: [seed]))
                    try await second.add(made.download(to: folders[1], from: [firstEndpoint]))
                    try await first.reaches(hash) { $0 == .seeding }
                    try await second.reaches(hash) { $0 == .seeding }
                    #expect(folders.allSatisfy { $0.bytes(of: "film.mp4") == made.bytes })
                }
            }
        }
    }

    @Test func aSecondRunGoesOnFromTheSavedState() async throws {
        let made = try MadeTorrent(length: 1_000_000, pieceLength: 65_536)
        let folder = try TestFolder()
        let state = folder.path + "/film.state"
        try await withEngine(torrents: [made]) { seed, port in
            try await withDownloader { engine, _ in
                var added = try made.download(to: folder, from: [try Self.endpoint(port)])
                added.wanted = WantedBytes(ranges: [0..<500_000])
                added.stateFile = state
                try await engine.reaches(try await engine.add(added)) { $0 == .seeding }
            }
            try await withDownloader { engine, _ in
                var added = try made.download(to: folder, from: [try Self.endpoint(port)])
                added.stateFile = state
                let hash = try await engine.add(added)
                let status = try await engine.reaches(hash) { $0 == .seeding }
                #expect(folder.bytes(of: "film.mp4") == made.bytes)
                #expect(status.downloaded == 1_000_000)
                try await eventually { seed.uploaded(made.hash) == 1_000_000 }
            }
        }
    }

    @Test func whatLiesInTheFolderIsCheckedAndOnlyTheRestIsFetched() async throws {
        let made = try MadeTorrent(length: 1_000_000, pieceLength: 65_536)
        let folder = try TestFolder()
        var damaged = made.bytes
        damaged[100_000] ^= 1
        try folder.write(damaged, to: "film.mp4")
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { engine, _ in
                let hash = try await engine.add(made.download(to: folder, from: [try Self.endpoint(port)]))
                let status = try await engine.reaches(hash) { $0 == .seeding }
                #expect(folder.bytes(of: "film.mp4") == made.bytes)
                #expect(status.downloaded == 65_536)
            }
        }
    }

    @Test func aFileOfSomebodyElseIsNotOverwritten() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        try folder.write([1, 2, 3], to: "film.mp4")
        try await withDownloader { engine, _ in
            let hash = try await engine.add(made.download(to: folder))
            let status = try await engine.reaches(hash) { if case .failed = $0 { true } else { false } }
            #expect("\(status.state)".contains("Move it away"))
            #expect(folder.bytes(of: "film.mp4") == [1, 2, 3])
        }
    }

    @Test func removingDeletesTheContent() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { engine, _ in
                let hash = try await engine.add(made.download(to: folder, from: [try Self.endpoint(port)]))
                try await engine.reaches(hash) { $0 == .seeding }
                try await engine.removeContent(of: hash)
                #expect(folder.bytes(of: "film.mp4") == nil)
                #expect(await engine.status(of: hash) == nil)
                var states: [TorrentState] = []
                for await status in engine.changes(of: hash) { states.append(status.state) }
                #expect(states.isEmpty)
            }
        }
    }

    @Test func aPausedTorrentHasNoPeersUntilItIsResumed() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { engine, _ in
                var added = try made.download(to: folder, from: [try Self.endpoint(port)])
                added.isPaused = true
                let hash = try await engine.add(added)
                #expect(await engine.status(of: hash)?.state == .paused)
                await engine.resume(hash)
                try await engine.reaches(hash) { $0 == .seeding }
                await engine.pause(hash)
                let status = try #require(await engine.status(of: hash))
                #expect(status.state == .paused && status.peers == 0)
                #expect(folder.bytes(of: "film.mp4") == made.bytes)
            }
        }
    }

    static func endpoint(_ port: Int) throws -> Endpoint { try #require(Endpoint("127.0.0.1:\(port)")) }
}
