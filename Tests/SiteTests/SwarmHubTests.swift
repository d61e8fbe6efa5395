import Catalog
import Metainfo
import Testing
import WebServer

@testable import Site

@Suite struct SwarmHubTests {
    private let swarm = FakeSwarm()
    private let sea: InfoHash
    private let storm: InfoHash
    private let seaSlug: Slug
    private let stormSlug: Slug

    init() throws {
        sea = try #require(InfoHash(hex: String(repeating: "ab", count: 20)))
        storm = try #require(InfoHash(hex: String(repeating: "cd", count: 20)))
        seaSlug = try #require(Slug("sea"))
        stormSlug = try #require(Slug("storm"))
    }

    /// The `leechers` of each event in a piece.
    private func leechers(_ bytes: [UInt8]?) -> [Int] {
        String(decoding: bytes ?? [], as: UTF8.self).matches(of: /"leechers":(\d+)/).compactMap { Int($0.1) }
    }

    @Test func aPageBeginsWithTheCountsAndFollowsThem() async throws {
        swarm.set(sea, SwarmCounts(seeders: 1, serverSeeding: true))
        let hub = SwarmHub(swarm: swarm, pause: .zero)
        var page = hub.stream(of: [sea: [seaSlug]], namesVideos: true).makeAsyncIterator()
        let first = String(decoding: try #require(await page.next()), as: UTF8.self)
        #expect(first.hasPrefix("event: swarm\ndata: {") && first.hasSuffix("}\n\n"))
        #expect(first.contains("\"seeders\":1") && first.contains("\"slug\":\"sea\""))
        swarm.set(sea, SwarmCounts(seeders: 2, leechers: 1))
        let second = String(decoding: try #require(await page.next()), as: UTF8.self)
        #expect(second.contains("\"seeders\":2") && second.contains("\"leechers\":1"))
    }

    /// However many pages are open, the swarms are followed once and a change is read and encoded once.
    @Test func allPagesShareOneFollowerAndOneReading() async throws {
        swarm.set(sea, SwarmCounts(leechers: 1))
        let hub = SwarmHub(swarm: swarm, pause: .seconds(3600))
        var pages = (0..<500).map { _ in hub.stream(of: [sea: [seaSlug]], namesVideos: false).makeAsyncIterator() }
        var pieces: [[UInt8]] = []
        for index in pages.indices { pieces.append(try #require(await pages[index].next())) }
        #expect(Set(pieces).count == 1)
        #expect(swarm.followerCount == 1 && swarm.readings == 1 && hub.pageCount == 500)
        swarm.set(sea, SwarmCounts(leechers: 7))
        for index in pages.indices { #expect(leechers(await pages[index].next()) == [7]) }
        #expect(swarm.readings == 2)
    }

    /// Of many changes within a pause a page gets the last, in one piece.
    @Test func changesOfAMomentAreOneEvent() async throws {
        let hub = SwarmHub(swarm: swarm, pause: .milliseconds(200))
        var page = hub.stream(of: [sea: [seaSlug]], namesVideos: false).makeAsyncIterator()
        #expect(leechers(await page.next()) == [0])
        for count in 1...100 { swarm.set(sea, SwarmCounts(leechers: count)) }
        swarm.finish()
        var rest: [Int] = []
        while let piece = await page.next() { rest += leechers(piece) }
        #expect(rest.count <= 2 && rest.last == 100)
    }

    /// A page that does not read gets only the latest of each swarm, all in one piece.
    @Test func aPageThatLagsGetsOnlyTheLatest() async throws {
        let page = OpenPage(slugs: [sea: [seaSlug], storm: [stormSlug]], namesVideos: true)
        for count in 1...50 {
            page.put(sea, Array("sea \(count);".utf8))
            page.put(storm, Array("storm \(count);".utf8))
            page.wake()
        }
        let piece = String(decoding: try #require(await page.next()), as: UTF8.self)
        #expect(Set(piece.split(separator: ";")) == ["sea 50", "storm 50"])
        page.put(sea, [1])
        page.close()
        page.put(sea, [2])
        #expect(await page.next() == [1])
        #expect(await page.next() == nil)
    }

    @Test func whoComesLaterGetsTheLatest() async throws {
        let hub = SwarmHub(swarm: swarm, pause: .seconds(3600))
        var first = hub.stream(of: [sea: [seaSlug]], namesVideos: false).makeAsyncIterator()
        #expect(leechers(await first.next()) == [0])
        swarm.set(sea, SwarmCounts(leechers: 1))
        #expect(leechers(await first.next()) == [1])
        // The round is over, so the first page waits for the next one; the new page does not.
        swarm.set(sea, SwarmCounts(leechers: 2))
        await untilNoted(hub)
        var second = hub.stream(of: [sea: [seaSlug]], namesVideos: false).makeAsyncIterator()
        #expect(leechers(await second.next()) == [2])
    }

    /// Waits until the follower has seen the change.
    private func untilNoted(_ hub: SwarmHub) async { while !hub.hasNoted(sea) { await Task.yield() } }

    @Test func pagesHearOfTheirOwnSwarmsOnly() async throws {
        let hub = SwarmHub(swarm: swarm, pause: .zero)
        var page = hub.stream(of: [sea: [seaSlug]], namesVideos: true).makeAsyncIterator()
        _ = await page.next()
        swarm.set(storm, SwarmCounts(leechers: 9))
        swarm.set(sea, SwarmCounts(leechers: 3))
        #expect(leechers(await page.next()) == [3])
    }

    /// Two videos of one content have one swarm; a list names both.
    @Test func everyVideoOfASwarmIsNamed() async throws {
        let hub = SwarmHub(swarm: swarm)
        var page = hub.stream(of: [sea: [seaSlug, stormSlug]], namesVideos: true).makeAsyncIterator()
        let text = String(decoding: try #require(await page.next()), as: UTF8.self)
        #expect(text.contains("\"slug\":\"sea\"") && text.contains("\"slug\":\"storm\""))
    }

    @Test func pagesThatLeaveAreForgotten() async throws {
        let hub = SwarmHub(swarm: swarm, pause: .zero)
        var streams = (0..<50).map { _ in hub.stream(of: [sea: [seaSlug], storm: [stormSlug]], namesVideos: true) }
        #expect(hub.pageCount == 50)
        // One whose task is cancelled while it waits.
        let stream = streams.removeLast()
        let (began, begin) = AsyncStream<Void>.makeStream()
        let reader = Task {
            for await _ in stream { begin.yield() }
            begin.finish()
        }
        for await _ in began.prefix(1) {}
        reader.cancel()
        await reader.value
        #expect(hub.pageCount == 49)
        streams.removeAll()
        #expect(hub.pageCount == 0)
    }

    @Test func whenTheSwarmsEndSoDoThePages() async throws {
        let hub = SwarmHub(swarm: swarm, pause: .seconds(3600))
        var page = hub.stream(of: [sea: [seaSlug]], namesVideos: false).makeAsyncIterator()
        _ = await page.next()
        swarm.finish()
        #expect(await page.next() == nil)
    }

    @Test func aHubIsReleasedWithItsFollower() async throws {
        weak var hub: SwarmHub?
        do {
            let kept = SwarmHub(swarm: swarm, pause: .zero)
            hub = kept
            var page = kept.stream(of: [sea: [seaSlug]], namesVideos: false).makeAsyncIterator()
            _ = await page.next()
        }
        #expect(hub == nil)
    }
}
