import Foundation
import Metainfo
import PeerWire
import Synchronization
import Testing
import TorrentEngine

/// Content that fails, vanishes, is slow or wrong (HAZARDS F03, P08).
@Suite(.timeLimit(.minutes(1))) struct ContentTests {
    /// Rebuilds the file when it is opened without being whole, as the product's cache does.
    private struct RebuildingContent: ContentSource {
        let torrent: MadeTorrent
        let opened = Counter()

        func open() async throws -> ContentFile {
            opened.add()
            let size = try? FileManager.default.attributesOfItem(atPath: torrent.path)[.size] as? Int
            if size != torrent.bytes.count { try torrent.write() }
            return try ContentFile(opening: torrent.path)
        }
    }

    private struct FailingContent: ContentSource {
        let opened = Counter()

        func open() async throws -> ContentFile {
            opened.add()
            throw ContentError.unreadable(errno: EIO)
        }
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)
        func add() { count.withLock { $0 += 1 } }
        var value: Int { count.withLock { $0 } }
    }

    /// A descriptor from which nothing can be read.
    private struct WriteOnlyContent: ContentSource {
        let torrent: MadeTorrent
        private final class Owner: Sendable {
            let handle: FileHandle
            init(_ handle: FileHandle) { self.handle = handle }
        }

        func open() async throws -> ContentFile {
            let handle = try #require(FileHandle(forWritingAtPath: torrent.path))
            return ContentFile(
                descriptor: handle.fileDescriptor, size: Int64(torrent.bytes.count), ownedBy: Owner(handle))
        }
    }

    private func unchoked(
        _ torrent: MadeTorrent, port: Int, mode: TestPeer.Mode = .fast
    ) async throws -> (TestPeer, TestLeecher) {
        let peer = try await TestPeer.join(torrent.hash, port: port, mode: mode)
        let leecher = TestLeecher(peer: peer, layout: torrent.layout)
        try await leecher.begin()
        return (peer, leecher)
    }

    @Test func contentIsOpenedOnFirstRequestAndClosedWhenIdle() async throws {
        let torrent = try MadeTorrent()
        let content = RebuildingContent(torrent: torrent)
        var limits = EngineLimits.forTests
        limits.fileIdleTimeout = .milliseconds(200)
        try await withEngine(limits: limits) { engine, port in
            await engine.add(torrent.seeded(content: content))
            let (_, leecher) = try await unchoked(torrent, port: port)
            #expect(content.opened.value == 0)
            _ = try await leecher.download(torrent.pieceHashes)
            #expect(content.opened.value == 1)
            try await eventually { await engine.statistics().openFiles == 0 }
            _ = try await leecher.download(torrent.pieceHashes)
            #expect(content.opened.value == 2)
        }
    }

    @Test func aTruncatedFileIsRejectedThenRebuilt() async throws {
        let torrent = try MadeTorrent()
        let content = RebuildingContent(torrent: torrent)
        try await withEngine { engine, port in
            await engine.add(torrent.seeded(content: content))
            let (peer, leecher) = try await unchoked(torrent, port: port)
            _ = try await leecher.download(torrent.pieceHashes)
            #expect(truncate(torrent.path, 1_000) == 0)
            let last = try #require(leecher.blocks.last)
            try await peer.send(.request(last))
            let answer = try await peer.first { if case .extended = $0 { false } else { true } }
            #expect(answer == .reject(last))
            #expect(try await leecher.download(torrent.pieceHashes) == torrent.bytes)
            #expect(content.opened.value == 2)
        }
    }

    @Test func aPlainPeerIsClosedWhenTheFileIsTruncated() async throws {
        let torrent = try MadeTorrent()
        try await withEngine(torrents: [torrent]) { _, port in
            let (peer, leecher) = try await unchoked(torrent, port: port, mode: .plain)
            _ = try await leecher.download(torrent.pieceHashes)
            #expect(truncate(torrent.path, 1_000) == 0)
            try await peer.send(.request(try #require(leecher.blocks.last)))
            #expect(try await peer.rest().isEmpty)
        }
    }

    @Test func contentThatCannotBeOpenedIsRejectedWithoutBeingTriedForEachRequest() async throws {
        let torrent = try MadeTorrent()
        let content = FailingContent()
        var limits = EngineLimits.forTests
        limits.contentRetryDelay = .seconds(600)
        try await withEngine(limits: limits) { engine, port in
            await engine.add(torrent.seeded(content: content))
            let (peer, leecher) = try await unchoked(torrent, port: port)
            for block in leecher.blocks {
                try await peer.send(.request(block))
                #expect(try await peer.first { if case .extended = $0 { false } else { true } } == .reject(block))
            }
            #expect(content.opened.value == 1)
        }
    }

    /// What was served before the content went away is not refused afterwards.
    @Test func onlyOpenRequestsAreRejectedWhenContentGoesAway() async throws {
        let torrent = try MadeTorrent()
        var limits = EngineLimits.forTests
        limits.fileIdleTimeout = .milliseconds(100)
        try await withEngine(limits: limits, torrents: [torrent]) { engine, port in
            let (peer, leecher) = try await unchoked(torrent, port: port)
            _ = try await leecher.download(torrent.pieceHashes)
            try await eventually { await engine.statistics().openFiles == 0 }
            try FileManager.default.removeItem(atPath: torrent.path)
            let asked = leecher.blocks.suffix(3)
            try await peer.send(asked.flatMap { PeerMessage.request($0).encoded() })
            for block in asked { #expect(try await peer.next() == .reject(block)) }
            try await peer.send(.request(leecher.blocks[0]))
            #expect(try await peer.next() == .reject(leecher.blocks[0]))
        }
    }

    @Test func aTorrentAddedAgainServesFromItsNewContent() async throws {
        let torrent = try MadeTorrent()
        try await withEngine(torrents: [torrent]) { engine, port in
            let (_, leecher) = try await unchoked(torrent, port: port)
            _ = try await leecher.download(torrent.pieceHashes)
            let content = RebuildingContent(torrent: torrent)
            await engine.add(torrent.seeded(content: content))
            #expect(try await leecher.download(torrent.pieceHashes) == torrent.bytes)
            #expect(content.opened.value == 1)
        }
    }

    @Test func aFileOfAnotherSizeIsNotServed() async throws {
        let torrent = try MadeTorrent()
        #expect(truncate(torrent.path, 299_999) == 0)
        try await withEngine(torrents: [torrent]) { _, port in
            let (peer, leecher) = try await unchoked(torrent, port: port)
            try await peer.send(.request(leecher.blocks[0]))
            #expect(
                try await peer.first { if case .extended = $0 { false } else { true } } == .reject(leecher.blocks[0]))
        }
    }

    @Test func readErrorsEndInRejects() async throws {
        let torrent = try MadeTorrent()
        try await withEngine { engine, port in
            await engine.add(torrent.seeded(content: WriteOnlyContent(torrent: torrent)))
            let (peer, leecher) = try await unchoked(torrent, port: port)
            for block in leecher.blocks {
                try await peer.send(.request(block))
                #expect(try await peer.first { if case .extended = $0 { false } else { true } } == .reject(block))
            }
        }
    }

    @Test func onlySoManyFilesAreOpen() async throws {
        let torrents = try (1...4).map { try MadeTorrent(length: 50_000, seed: $0) }
        var limits = EngineLimits.forTests
        limits.openFiles = 2
        try await withEngine(limits: limits, torrents: torrents) { engine, port in
            var leechers: [TestLeecher] = []
            for torrent in torrents {
                let (_, leecher) = try await unchoked(torrent, port: port)
                _ = try await leecher.download(torrent.pieceHashes)
                leechers.append(leecher)
                #expect(await engine.statistics().openFiles <= 2)
            }
            #expect(try await leechers[0].download(torrents[0].pieceHashes) == torrents[0].bytes)
        }
    }
}
