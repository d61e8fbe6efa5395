import Catalog
import Foundation
import HTTPTypes
import Metainfo
import Testing
import WebServer

@testable import Site

@Suite struct SwarmTests {
    @Test func theCountsAreOneObject() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Sea")
            let hash = try #require(video.torrent?.infoHashV1)
            site.swarm.set(
                hash, SwarmCounts(seeders: 3, leechers: 2, completed: 5, partialSeeds: 1, serverSeeding: true))
            var visitor = try await site.browser()
            let answer = try await visitor.get("/videos/sea/swarm")
            #expect(answer.headers[.contentType] == "application/json")
            #expect(
                answer.text
                    == #"{"completed":5,"leechers":2,"partial_seeds":1,"seeders":3,"#
                    + #""server_seeding":true,"source":"embedded"}"#
            )
        }
    }

    @Test func theStreamBeginsWithTheCountsAndFollowsThem() async throws {
        let hash = try #require(InfoHash(hex: String(repeating: "ab", count: 20)))
        let slug = try #require(Slug("sea"))
        let swarm = FakeSwarm()
        swarm.set(hash, SwarmCounts(seeders: 1, serverSeeding: true))
        let events = SwarmEvents(swarm: swarm, slugs: [hash: [slug]], namesVideos: true, pause: .zero)
        let (stream, sink) = AsyncStream<ServerSentEvent>.makeStream()
        let task = Task { await events.run(sink) }
        var iterator = stream.makeAsyncIterator()
        let first = try #require(await iterator.next())
        #expect(
            first.event == "swarm" && first.data.contains("\"seeders\":1") && first.data.contains("\"slug\":\"sea\""))
        swarm.set(hash, SwarmCounts(seeders: 2, leechers: 1))
        let second = try #require(await iterator.next())
        #expect(second.data.contains("\"seeders\":2") && second.data.contains("\"leechers\":1"))
        task.cancel()
        #expect(await iterator.next() == nil)
    }

    /// Of many changes within a pause, one event: the last.
    @Test func changesOfAMomentAreOneEvent() async throws {
        let hash = try #require(InfoHash(hex: String(repeating: "ab", count: 20)))
        let swarm = FakeSwarm()
        let events = SwarmEvents(
            swarm: swarm, slugs: [hash: [try #require(Slug("sea"))]], namesVideos: false, pause: .milliseconds(300))
        let (stream, sink) = AsyncStream<ServerSentEvent>.makeStream()
        let task = Task { await events.run(sink) }
        var iterator = stream.makeAsyncIterator()
        #expect(try #require(await iterator.next()).data.contains("slug") == false)
        for count in 1...100 { swarm.set(hash, SwarmCounts(leechers: count)) }
        swarm.finish()
        var rest: [ServerSentEvent] = []
        while let event = await iterator.next() { rest.append(event) }
        #expect(rest.count <= 2)
        #expect(rest.last?.data.contains("\"leechers\":100") == true)
        await task.value
    }

    @Test func streamsAreAnswered() async throws {
        try await SiteUnderTest.with { site in
            try await site.publish("One")
            try await site.publish("Two")
            var visitor = try await site.browser()
            for target in ["/videos/one/swarm/events", "/swarm/events?videos=one,two,none"] {
                let response = try await visitor.respond(.get, target)
                #expect(response.status == .ok && response.headers[.contentType] == "text/event-stream")
            }
            #expect(try await visitor.get("/swarm/events?videos=none").status == 404)
            #expect(try await visitor.get("/swarm/events").status == 400)
            let many = (0..<101).map { "a\($0)" }.joined(separator: ",")
            #expect(try await visitor.get("/swarm/events?videos=" + many).status == 400)
            #expect(try await visitor.get("/swarm/events?videos=..%2f,%00,<x>").status == 404)
        }
    }
}
