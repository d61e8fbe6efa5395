import Dialling
import Logging
import Metainfo
import NIOCore
import NIOPosix
import Testing

@testable import TorrentEngine

/// A web seed on the event loop of its torrent.
@Suite(.timeLimit(.minutes(1))) struct WebSeedDriverTests {
    private static let logger = Logger(label: "test")

    /// What a driver told, in words.
    private enum Told: Sendable, Hashable {
        case block(PieceIndex, UInt32)
        case finished
        case useless
        case other
    }

    private func withDriver(
        _ torrent: WebSeedTorrent, _ answer: @escaping @Sendable (SeedServer.Request) -> SeedServer.Answer,
        _ act: (NIOLoopBound<WebSeedDriver>, any EventLoop, inout AsyncStream<Told>.Iterator) async throws -> Void
    ) async throws {
        let server = try await SeedServer(answer)
        let fetcher = Fetcher(logger: Self.logger)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (told, tell) = AsyncStream.makeStream(of: Told.self)
        let client = try #require(
            WebSeedClient(
                url: server.origin + "/f", info: torrent.info, fetcher: fetcher, namedFrom: .loopback,
                logger: Self.logger))
        let driver = try await loop.submit {
            NIOLoopBound(
                WebSeedDriver(client, peer: PeerNumber(rawValue: 1), on: loop) { _, event in
                    switch event {
                    case .blocks(let blocks): for block in blocks { tell.yield(.block(block.piece, block.begin)) }
                    case .finished: tell.yield(.finished)
                    case .useless: tell.yield(.useless)
                    case .resting, .lacks: tell.yield(.other)
                    }
                }, eventLoop: loop)
        }.get()
        var iterator = told.makeAsyncIterator()
        do {
            try await act(driver, loop, &iterator)
        } catch {
            try await loop.submit { driver.value.cancel() }.get()
            await fetcher.shutdown()
            await server.close()
            throw error
        }
        try await loop.submit { driver.value.cancel() }.get()
        await fetcher.shutdown()
        await server.close()
    }

    @Test func blocksComeInOrderAndThenTheEnd() async throws {
        let torrent = try WebSeedTorrent([("f", 100_000)])
        try await withDriver(torrent) {
            .file(torrent.bytes, $0)
        } _: { driver, loop, told in
            for _ in 0..<2 {
                try await loop.submit { driver.value.fetch(0..<100_000) }.get()
                for number in 0..<7 {
                    #expect(await told.next() == .block(PieceIndex(number < 4 ? 0 : 1), UInt32(number % 4 * 16_384)))
                }
                #expect(await told.next() == .finished)
                #expect(try await loop.submit { driver.value.isBusy }.get() == false)
            }
        }
    }

    @Test func aCancelledSpanSaysNothingMore() async throws {
        let torrent = try WebSeedTorrent([("f", 200_000)])
        try await withDriver(torrent) { request in
            var answer = SeedServer.Answer.file(torrent.bytes, request)
            // The first piece's request gets stuck.
            if request.range?.lowerBound == 0 { (answer.cut, answer.hangs) = (20_000, true) }
            return answer
        } _: { driver, loop, told in
            for _ in 0..<5 {
                try await loop.submit { driver.value.fetch(0..<65_536) }.get()
                #expect(await told.next() == .block(PieceIndex(0), 0))
                try await loop.submit {
                    driver.value.cancel()
                    driver.value.fetch(131_072..<196_608)
                }.get()
                for number in 0..<4 { #expect(await told.next() == .block(PieceIndex(2), UInt32(number * 16_384))) }
                #expect(await told.next() == .finished)
            }
        }
    }

    @Test func aHeldSpanWaits() async throws {
        let torrent = try WebSeedTorrent([("f", 4_000_000)])
        try await withDriver(torrent) {
            .file(torrent.bytes, $0)
        } _: { driver, loop, told in
            try await loop.submit {
                driver.value.hold(true)
                driver.value.fetch(0..<4_000_000)
            }.get()
            // The first delivery comes and stops there; letting go brings all the others.
            #expect(await told.next() == .block(PieceIndex(0), 0))
            try await loop.submit { driver.value.hold(false) }.get()
            var blocks = 1
            while let next = await told.next(), next != .finished { blocks += 1 }
            #expect(blocks == 245)
        }
    }

    @Test func aUselessSeedIsToldOfOnce() async throws {
        let torrent = try WebSeedTorrent([("f", 100_000)])
        try await withDriver(torrent) { _ in
            SeedServer.Answer(status: 404)
        } _: { driver, loop, told in
            try await loop.submit { driver.value.fetch(0..<65_536) }.get()
            #expect(await told.next() == .useless)
        }
    }
}
