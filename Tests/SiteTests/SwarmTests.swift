import Catalog
import Foundation
import HTTPTypes
import Testing
import WebServer

@testable import Site

@Suite struct SwarmTests {
    @Test func theCountsAreOneObject() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Sea")
            let hash = try #require(video.torrent?.infoHash)
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
