import ByteCoding
import Metainfo
import PeerWire
import Testing
import TorrentEngine

/// Several engines at loopback that find each other and share.
@Suite(.timeLimit(.minutes(1))) struct SwarmTests {
    @Test func peersAreToldOfEachOther() async throws {
        let made = try MadeTorrent(length: 500_000, pieceLength: 65_536)
        let folders = [try TestFolder(), try TestFolder()]
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { first, firstEndpoint in
                try await withDownloader { second, _ in
                    let seed = try DownloadTests.endpoint(port)
                    let hash = try await first.add(made.download(to: folders[0], from: [seed]))
                    var added = try made.download(to: folders[1], from: [firstEndpoint])
                    added.wanted = .nothing
                    try await second.add(added)
                    // It was told of the seed, dialled it, and found that it wants nothing of it.
                    await second.want(.everything, of: hash)
                    try await second.reaches(hash) { $0 == .seeding }
                    #expect(folders[1].bytes(of: "film.mp4") == made.bytes)
                }
            }
        }
    }

    /// BEP 27: a private torrent takes part in no peer exchange.
    @Test func privateTorrentsExchangeNoPeers() async throws {
        let made = try MadeTorrent(length: 300_000, isPrivate: true)
        let open = try MadeTorrent(length: 300_000, seed: 2)
        let folder = try TestFolder()
        try await withDownloader { engine, endpoint in
            for (torrent, exchanges) in [(made, false), (open, true)] {
                let hash = try await engine.add(torrent.download(to: folder))
                try await engine.reaches(hash) { $0 == .downloading }
                let peer = try await TestPeer.join(hash, port: Int(endpoint.port))
                let handshake = try await SeedingTests.extensionHandshake(from: peer)
                #expect((handshake.messageID(of: "ut_pex") != nil) == exchanges)
                try await engine.removeContent(of: hash)
            }
        }
    }

    @Test(arguments: EncryptionPolicy.allCases, EncryptionPolicy.allCases) func encryptedAndPlainSidesAgreeWhereTheyCan(
        _ ours: EncryptionPolicy, _ theirs: EncryptionPolicy
    ) async throws {
        let isImpossible = (ours == .off && theirs == .required) || (ours == .required && theirs == .off)
        let made = try MadeTorrent(length: 200_000)
        let folders = [try TestFolder(), try TestFolder()]
        try folders[0].write(made.bytes, to: "film.mp4")
        try await withDownloader(configure: { $0.encryption = theirs }) { seed, endpoint in
            var kept = try made.download(to: folders[0])
            kept.check = .trusted
            let hash = try await seed.add(kept)
            try await seed.reaches(hash) { $0 == .seeding }
            try await withDownloader(configure: { $0.encryption = ours }) { engine, _ in
                try await engine.add(made.download(to: folders[1], from: [endpoint]))
                guard !isImpossible else { return }
                try await engine.reaches(hash) { $0 == .seeding }
                #expect(folders[1].bytes(of: "film.mp4") == made.bytes)
                let isEncrypted = await engine.peers(of: hash).first?.isEncrypted
                if ours == .required || theirs == .required { #expect(isEncrypted ?? true) }
            }
        }
    }

    /// BEP 16: nearly every piece leaves a lone seed once.
    @Test func aSuperSeedSendsLittleMoreThanOneCopy() async throws {
        let made = try MadeTorrent(length: 2_000_000, pieceLength: 65_536)
        let folders = try (0..<3).map { _ in try TestFolder() }
        try folders[0].write(made.bytes, to: "film.mp4")
        try await withDownloader(configure: { $0.superSeeds = true }) { seed, endpoint in
            var kept = try made.download(to: folders[0])
            kept.check = .trusted
            let hash = try await seed.add(kept)
            try await seed.reaches(hash) { $0 == .seeding }
            try await withDownloader { first, firstEndpoint in
                try await withDownloader { second, _ in
                    try await first.add(made.download(to: folders[1], from: [endpoint]))
                    try await second.add(made.download(to: folders[2], from: [endpoint, firstEndpoint]))
                    try await first.reaches(hash) { $0 == .seeding }
                    try await second.reaches(hash) { $0 == .seeding }
                    #expect(folders[1].bytes(of: "film.mp4") == made.bytes)
                    #expect(folders[2].bytes(of: "film.mp4") == made.bytes)
                    #expect(seed.uploaded(hash) < 3_000_000)
                }
            }
        }
    }

    /// A torrent that is only seeded shows single pieces too, until another seed comes.
    @Test func aSeededTorrentShowsSinglePiecesWhileItIsTheOnlySeed() async throws {
        let made = try MadeTorrent(length: 500_000, pieceLength: 65_536)
        try await withEngine(torrents: [made]) { engine, port in
            await engine.setSuperSeeding(true)
            let first = try await TestPeer.join(made.hash, port: port)
            #expect(try await first.next() == .haveNone)
            let piece = try #require(try await Self.nextHave(of: first))
            let second = try await TestPeer.join(made.hash, port: port)
            #expect(try await second.next() == .haveNone)
            // What another peer announces was passed on; and another seed ends it: everything is told.
            try await second.send(.have(piece))
            let seed = try await TestPeer.join(made.hash, port: port)
            try await seed.send(.haveAll)
            var pieces: Set<PieceIndex> = [piece]
            while pieces.count < made.layout.pieceCount, let more = try await Self.nextHave(of: first) {
                pieces.insert(more)
            }
            #expect(pieces.count == made.layout.pieceCount)
        }
    }

    @Test func aPartialSeedServesWhatItHasAndRejectsTheRest() async throws {
        let made = try MadeTorrent(length: 300_000, pieceLength: 65_536)
        let folder = try TestFolder()
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { engine, endpoint in
                var added = try made.download(to: folder, from: [try DownloadTests.endpoint(port)])
                added.wanted = WantedBytes(ranges: [0..<65_536])
                let hash = try await engine.add(added)
                let status = try await engine.reaches(hash) { $0 == .seeding }
                #expect(status.isUploadOnly && status.doneBytes == 65_536 && status.totalBytes == 300_000)
                let peer = try await TestPeer.join(hash, port: Int(endpoint.port))
                let handshake = try await SeedingTests.extensionHandshake(from: peer)
                #expect(handshake.isUploadOnly)
                try await peer.send(.interested)
                try #require(try await peer.first { $0 == .unchoke } != nil)
                let lacking = BlockRequest(piece: PieceIndex(1), begin: 0, length: 16_384)
                let there = BlockRequest(piece: PieceIndex(0), begin: 0, length: 16_384)
                try await peer.send(.request(lacking), .request(there))
                #expect(try await peer.first { $0 == .reject(lacking) } != nil)
                let block = try await peer.first { if case .piece = $0 { true } else { false } }
                #expect(block == .piece(PieceIndex(0), begin: 0, data: made.bytes[0..<16_384]))
            }
        }
    }

    @Test func piecesAreAnnouncedAsTheyCome() async throws {
        let made = try MadeTorrent(length: 300_000, pieceLength: 65_536)
        let folder = try TestFolder()
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader { engine, endpoint in
                let hash = try await engine.add(made.download(to: folder))
                try await engine.reaches(hash) { $0 == .downloading }
                let peer = try await TestPeer.join(hash, port: Int(endpoint.port))
                #expect(try await peer.first { $0 == .haveNone } != nil)
                await engine.addPeers([try DownloadTests.endpoint(port)], to: hash, namedFrom: .loopback)
                var pieces: Set<PieceIndex> = []
                while pieces.count < made.layout.pieceCount, let more = try await Self.nextHave(of: peer) {
                    pieces.insert(more)
                }
                #expect(pieces.count == made.layout.pieceCount)
            }
        }
    }

    @Test func limitedRatesTakeTheirTime() async throws {
        let made = try MadeTorrent(length: 400_000)
        let folder = try TestFolder()
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader(configure: { $0.downloadLimit = 200_000 }) { engine, _ in
                let start = ContinuousClock.now
                let hash = try await engine.add(made.download(to: folder, from: [try DownloadTests.endpoint(port)]))
                try await engine.reaches(hash) { $0 == .seeding }
                // Half a second's worth is saved up, and one reading may overdraw.
                #expect(ContinuousClock.now - start > .milliseconds(500))
                #expect(folder.bytes(of: "film.mp4") == made.bytes)
            }
        }
    }

    @Test func limitedUploadsTakeTheirTime() async throws {
        let made = try MadeTorrent(length: 400_000)
        let folders = [try TestFolder(), try TestFolder()]
        try folders[0].write(made.bytes, to: "film.mp4")
        try await withDownloader { seed, endpoint in
            var kept = try made.download(to: folders[0])
            kept.uploadLimit = 200_000
            let hash = try await seed.add(kept)
            try await seed.reaches(hash) { $0 == .seeding }
            try await withDownloader { engine, _ in
                let start = ContinuousClock.now
                try await engine.add(made.download(to: folders[1], from: [endpoint]))
                try await engine.reaches(hash) { $0 == .seeding }
                #expect(ContinuousClock.now - start > .seconds(1))
                #expect(folders[1].bytes(of: "film.mp4") == made.bytes)
            }
        }
    }

    @Test func whoWaitsForBytesHearsOfTheRemoval() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        try await withDownloader { engine, _ in
            var added = try made.download(to: folder)
            added.wanted = .nothing
            let hash = try await engine.add(added)
            let reading = Task { try await engine.bytes(0..<10, of: hash) }
            try await eventually { await engine.status(of: hash)?.wantedBytes == 65_536 }
            await engine.remove(hash)
            await #expect(throws: EngineError.removed) { try await reading.value }
            await #expect(throws: EngineError.unknownTorrent) { try await engine.bytes(0..<10, of: hash) }
        }
    }

    @Test func theProtocolLogTellsWhatHappens() async throws {
        let made = try MadeTorrent(length: 300_000)
        let folder = try TestFolder()
        let (stream, continuation) = AsyncStream.makeStream(of: ProtocolEvent.self)
        try await withEngine(torrents: [made]) { _, port in
            try await withDownloader(configure: { $0.onEvent = { continuation.yield($0) } }) { engine, _ in
                let hash = try await engine.add(made.download(to: folder, from: [try DownloadTests.endpoint(port)]))
                try await engine.reaches(hash) { $0 == .seeding }
            }
        }
        continuation.finish()
        var lines: [String] = []
        for await event in stream { lines.append("\(event.direction.rawValue): \(event.text)") }
        #expect(lines.contains("received: have all"))
        #expect(lines.contains("sent: interested"))
        #expect(lines.contains("sent: request piece 0 at 0, 16384 bytes"))
        #expect(lines.contains("received: piece 0 at 0, 16384 bytes"))
        #expect(lines.contains("noted: state: seeding"))
    }

    private static func nextHave(of peer: TestPeer) async throws -> PieceIndex? {
        while let message = try await peer.next() {
            if case .have(let piece) = message { return piece }
        }
        return nil
    }
}
