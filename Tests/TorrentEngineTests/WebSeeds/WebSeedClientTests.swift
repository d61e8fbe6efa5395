import ByteCoding
import Dialling
import Logging
import Metainfo
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import TorrentEngine

/// BEP 19 against servers that do well and badly.
@Suite(.timeLimit(.minutes(1))) struct WebSeedClientTests {
    static let logger = Logger(label: "test")

    /// Runs with a server and a client for one of its URLs, and ends both.
    private func withSeed(
        _ torrent: WebSeedTorrent, path: String = "/film.mp4", limits: WebSeedLimits = WebSeedLimits(),
        from scope: AddressScope = .loopback, _ answer: @escaping @Sendable (SeedServer.Request) -> SeedServer.Answer,
        _ act: (WebSeedClient, SeedServer) async throws -> Void
    ) async throws {
        let server = try await SeedServer(answer)
        let fetcher = Fetcher(logger: Self.logger)
        do {
            let client = try #require(
                WebSeedClient(
                    url: server.origin + path, info: torrent.info, fetcher: fetcher, namedFrom: scope, limits: limits,
                    logger: Self.logger))
            try await act(client, server)
        } catch {
            await fetcher.shutdown()
            await server.close()
            throw error
        }
        await fetcher.shutdown()
        await server.close()
    }

    private func film(_ length: Int = 300_000) throws -> WebSeedTorrent {
        try WebSeedTorrent([("film.mp4", length)])
    }

    /// Fetches a range; the blocks and the error.
    private func fetch(
        _ range: Range<Int64>, by client: WebSeedClient
    ) async -> (blocks: BlockBasket, error: WebSeedError?) {
        let basket = BlockBasket()
        do throws(WebSeedError) {
            try await client.fetch(range) { basket.add($0) }
            return (basket, nil)
        } catch {
            return (basket, error)
        }
    }

    @Test func severalPiecesAreOneRequestAndConnectionsStay() async throws {
        let torrent = try film()
        try await withSeed(torrent) {
            .file(torrent.bytes, $0)
        } _: { client, server in
            for range in [0..<131_072, 131_072..<262_144, 262_144..<300_000] as [Range<Int64>] {
                let (blocks, error) = await fetch(range, by: client)
                #expect(error == nil)
                #expect(blocks.hold(torrent, Int(range.lowerBound)..<Int(range.upperBound)))
            }
            #expect(server.requests.map(\.range) == [0...131_071, 131_072...262_143, 262_144...299_999])
            #expect(server.connections == 1 && client.spanBytes == 4 << 20)
        }
    }

    @Test func spansCrossFilesAndPaddingIsNotAskedFor() async throws {
        let torrent = try WebSeedTorrent(
            [("a.mp4", 100_000), (".pad/31072", 31_072), ("leer", 0), ("b/c.mp4", 70_000)], isFolder: true)
        try await withSeed(torrent, path: "/d/") { request in
            .file(torrent.file(request.target.hasSuffix("/a.mp4") ? 0 : 3), request)
        } _: { client, server in
            let (blocks, error) = await fetch(65_536..<201_072, by: client)
            #expect(error == nil && blocks.hold(torrent, 65_536..<201_072))
            #expect(
                server.requests.map(\.target) == [
                    "/d/Ein%20Film%20%26%20mehr/a.mp4", "/d/Ein%20Film%20%26%20mehr/b/c.mp4",
                ])
            #expect(server.connections == 1)
        }
    }

    @Test func aBusyServerIsLeftAloneForAsLongAsItSays() async throws {
        let torrent = try film()
        try await withSeed(torrent) { _ in
            SeedServer.Answer(status: 503, fields: ["Retry-After: 120"])
        } _: { client, server in
            let (blocks, error) = await fetch(0..<65_536, by: client)
            #expect(error == .resting(.seconds(120), reason: "The web seed is busy (503).") && blocks.count == 0)
            guard case .resting(let rest, _) = await fetch(0..<65_536, by: client).error else {
                return #expect(Bool(false), "it was asked at once")
            }
            #expect(rest <= .seconds(120) && server.requests.count == 1 && client.fault == nil)
        }
    }

    @Test(arguments: [408, 429, 500, 502, 504]) func otherTroublesPass(status: Int) async throws {
        let torrent = try film()
        try await withSeed(torrent) { _ in
            SeedServer.Answer(status: status)
        } _: { client, _ in
            guard case .resting = await fetch(0..<65_536, by: client).error else {
                return #expect(Bool(false))
            }
            #expect(client.fault == nil)
        }
    }

    @Test(arguments: [401, 403, 404, 410, 400, 204, 304]) func aFileThatIsNotThereEndsTheSeed(status: Int) async throws
    {
        let torrent = try film()
        try await withSeed(torrent) { _ in
            SeedServer.Answer(status: status)
        } _: { client, server in
            guard case .useless(let reason) = await fetch(0..<65_536, by: client).error else {
                return #expect(Bool(false))
            }
            #expect(reason.contains("\(status)") && client.fault == reason)
            #expect(await fetch(0..<65_536, by: client).error == .useless(reason: reason))
            #expect(server.requests.count == 1)
        }
    }

    @Test func oneFileOfSeveralMayBeMissing() async throws {
        let torrent = try WebSeedTorrent([("a", 131_072), ("b", 131_072)], isFolder: true)
        try await withSeed(torrent, path: "/") { request in
            request.target.hasSuffix("a") ? SeedServer.Answer(status: 404) : .file(torrent.file(1), request)
        } _: { client, _ in
            guard case .lacks(let pieces, _) = await fetch(0..<65_536, by: client).error else {
                return #expect(Bool(false))
            }
            #expect(pieces == PieceIndex(0)...PieceIndex(1))
            let (blocks, error) = await fetch(131_072..<262_144, by: client)
            #expect(error == nil && blocks.count == 8)
        }
    }

    @Test func aShorterFileIsAnotherFile() async throws {
        let torrent = try film()
        try await withSeed(torrent) {
            .file(Array(torrent.bytes.prefix(70_000)), $0)
        } _: { client, _ in
            // Beyond its end a 416, before it a length that is not the torrent's.
            #expect(
                await fetch(262_144..<300_000, by: client).error
                    == .useless(reason: "The web seed's file has another length."))
        }
        try await withSeed(torrent) {
            .file(Array(torrent.bytes.prefix(70_000)), $0)
        } _: { client, _ in
            let (blocks, error) = await fetch(0..<65_536, by: client)
            #expect(error == .useless(reason: "The web seed's file has another length.") && blocks.count == 0)
        }
    }

    @Test func whatCameBeforeABreakIsKept() async throws {
        let torrent = try film()
        try await withSeed(torrent) { request in
            var answer = SeedServer.Answer.file(torrent.bytes, request)
            answer.cut = 40_000
            return answer
        } _: { client, _ in
            let (blocks, error) = await fetch(0..<131_072, by: client)
            guard case .resting = error else { return #expect(Bool(false)) }
            // Whole blocks from the first on; what the connection's end swept away is fetched again.
            #expect(blocks.count <= 2 && blocks.hold(torrent, 0..<blocks.count * 16_384))
        }
    }

    @Test func lessThanAskedForIsGoneOnWith() async throws {
        let torrent = try film()
        try await withSeed(torrent) { request in
            let first = request.range?.lowerBound ?? 0
            let short = SeedServer.Request(
                target: request.target, range: first...min(first + 49_999, request.range?.upperBound ?? 0),
                connection: request.connection)
            return .file(torrent.bytes, short)
        } _: { client, server in
            let (blocks, error) = await fetch(0..<131_072, by: client)
            #expect(error == nil && blocks.hold(torrent, 0..<131_072))
            #expect(server.requests.map { $0.range?.lowerBound } == [0, 50_000, 100_000] && server.connections == 1)
        }
    }

    @Test func moreThanAskedForIsCutOff() async throws {
        let torrent = try film()
        try await withSeed(torrent) { request in
            SeedServer.Answer(
                status: 206, fields: ["Content-Range: bytes 0-65535/300000"], body: torrent.bytes)
        } _: { client, _ in
            let (blocks, error) = await fetch(0..<65_536, by: client)
            #expect(error == nil && blocks.hold(torrent, 0..<65_536))
        }
    }

    @Test func aServerWithoutRangesIsReadUpToACap() async throws {
        let torrent = try film()
        var limits = WebSeedLimits()
        limits.skippedBytes = 150_000
        try await withSeed(torrent, limits: limits) { _ in
            SeedServer.Answer(status: 200, body: torrent.bytes)
        } _: { client, _ in
            let (blocks, error) = await fetch(131_072..<196_608, by: client)
            #expect(error == nil && blocks.hold(torrent, 131_072..<196_608))
            guard case .useless(let reason) = await fetch(196_608..<262_144, by: client).error else {
                return #expect(Bool(false))
            }
            #expect(reason.contains("whole files only"))
        }
    }

    @Test func readingPastEndsAltogetherToo() async throws {
        let torrent = try film()
        var limits = WebSeedLimits()
        limits.skippedBytesInTotal = 200_000
        try await withSeed(torrent, limits: limits) { _ in
            SeedServer.Answer(status: 200, body: torrent.bytes)
        } _: { client, _ in
            #expect(await fetch(131_072..<196_608, by: client).error == nil)
            guard case .useless = await fetch(131_072..<196_608, by: client).error else { return #expect(Bool(false)) }
        }
    }

    @Test(arguments: [
        "Content-Range: bytes 1-65536/300000", "Content-Range: bytes 0-99999/300000", "Content-Range: x", "X: y",
        "Content-Range: bytes 0-65535/300001",
    ]) func otherPartsThanAskedForAreRefused(field: String) async throws {
        let torrent = try film()
        try await withSeed(torrent) { _ in
            SeedServer.Answer(status: 206, fields: [field], body: Array(torrent.bytes.prefix(65_536)))
        } _: { client, _ in
            let (blocks, error) = await fetch(0..<65_536, by: client)
            guard case .useless = error else { return #expect(Bool(false)) }
            #expect(blocks.count == 0)
        }
    }

    @Test func redirectsAreFollowedOnce() async throws {
        let torrent = try film()
        try await withSeed(torrent) { request in
            request.target == "/film.mp4"
                ? SeedServer.Answer(status: 302, fields: ["Location: /else"]) : .file(torrent.bytes, request)
        } _: { client, server in
            #expect(await fetch(0..<65_536, by: client).error == nil)
            #expect(await fetch(65_536..<131_072, by: client).error == nil)
            #expect(server.requests.map(\.target) == ["/film.mp4", "/else", "/else"])
        }
    }

    /// HAZARDS S16: nobody leads us elsewhere in the own network.
    @Test(arguments: [
        "http://10.0.0.1/x", "http://169.254.169.254/x", "ftp://h.example/", "/film.mp4", "http://user@127.0.0.1/",
    ]) func redirectsThatLeadAstrayEndTheSeed(location: String) async throws {
        let torrent = try film()
        try await withSeed(torrent) { _ in
            SeedServer.Answer(status: 301, fields: ["Location: \(location)"])
        } _: { client, _ in
            guard case .useless = await fetch(0..<65_536, by: client).error else { return #expect(Bool(false)) }
        }
    }

    /// HAZARDS S16, finding 8.
    @Test func strangersDoNotNameInnerServersNorQueries() async throws {
        let torrent = try film()
        for (path, scope) in [("/film.mp4", AddressScope.public), ("/film.mp4?reboot=1", .loopback)] {
            try await withSeed(torrent, path: path, from: scope) {
                .file(torrent.bytes, $0)
            } _: { client, server in
                guard case .useless = await fetch(0..<65_536, by: client).error else { return #expect(Bool(false)) }
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test func compressedBodiesAreRefused() async throws {
        let torrent = try film()
        try await withSeed(torrent) { request in
            var answer = SeedServer.Answer.file(torrent.bytes, request)
            answer.fields.append("Content-Encoding: gzip")
            return answer
        } _: { client, _ in
            guard case .useless = await fetch(0..<65_536, by: client).error else { return #expect(Bool(false)) }
        }
    }

    @Test func wrongDataEndTheSeed() async throws {
        let torrent = try film()
        try await withSeed(torrent) {
            .file(torrent.bytes, $0)
        } _: { client, server in
            #expect(await fetch(0..<65_536, by: client).error == nil)
            client.blame()
            #expect(await fetch(0..<65_536, by: client).error == .useless(reason: "The web seed sent wrong data."))
            #expect(server.requests.count == 1)
        }
    }

    @Test func aSilentServerIsGivenUp() async throws {
        let torrent = try film()
        var limits = WebSeedLimits()
        limits.terms = StreamTerms(headTimeout: .seconds(20), silence: .milliseconds(300))
        try await withSeed(torrent, limits: limits) { request in
            var answer = SeedServer.Answer.file(torrent.bytes, request)
            (answer.cut, answer.hangs) = (20_000, true)
            return answer
        } _: { client, _ in
            let (blocks, error) = await fetch(0..<65_536, by: client)
            guard case .resting(_, let reason) = error else { return #expect(Bool(false)) }
            #expect(reason.contains("too long") && blocks.count == 1)
        }
    }

    @Test func aServerThatIsNotThereIsTriedLater() async throws {
        let torrent = try film()
        try await withSeed(torrent) {
            .file(torrent.bytes, $0)
        } _: { client, server in
            await server.close()
            guard case .resting = await fetch(0..<65_536, by: client).error else { return #expect(Bool(false)) }
        }
    }

    @Test func twoFetchesAtOnceAreEnough() async throws {
        let torrent = try film()
        try await withSeed(torrent) { request in
            var answer = SeedServer.Answer.file(torrent.bytes, request)
            (answer.cut, answer.hangs) = (20_000, true)
            return answer
        } _: { client, server in
            let (started, starts) = AsyncStream.makeStream(of: Void.self)
            let tasks = (0..<2).map { _ in
                Task { try? await client.fetch(0..<65_536) { _ in starts.yield() } }
            }
            var running = 0
            for await _ in started {
                running += 1
                if running == 2 { break }
            }
            guard case .resting = await fetch(0..<65_536, by: client).error else { return #expect(Bool(false)) }
            #expect(server.requests.count == 2)
            for task in tasks {
                task.cancel()
                await task.value
            }
            #expect(client.fault == nil)
        }
    }

    @Test func cancelledFetchesSaySo() async throws {
        let torrent = try film()
        try await withSeed(torrent) { request in
            var answer = SeedServer.Answer.file(torrent.bytes, request)
            (answer.cut, answer.hangs) = (20_000, true)
            return answer
        } _: { client, _ in
            let (started, starts) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                do throws(WebSeedError) {
                    try await client.fetch(0..<65_536) { _ in starts.yield() }
                    return WebSeedError?.none
                } catch {
                    return error
                }
            }
            for await _ in started { break }
            task.cancel()
            #expect(await task.value == .cancelled)
        }
    }
}
