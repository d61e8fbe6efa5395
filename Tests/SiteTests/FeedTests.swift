import Foundation
import FoundationXML
import HTTPTypes
import Metainfo
import Testing

@testable import Site

@Suite struct FeedTests {
    @Test func filmsAndTheirClips() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish(
                "Sea & \"Sky\"", description: "Waves <b>", tags: ["sea"], fileName: "s.mp4")
            try await site.publish("Quiet", tags: ["land"])
            try await site.saveClip("A ]]> wave", of: video, 2, 5.5)
            var visitor = try await site.browser()
            let answer = try await visitor.get("/feed/podcast.rss")
            #expect(answer.status == 200 && answer.headers[.contentType] == "application/rss+xml; charset=utf-8")
            let tag = try #require(answer.headers[.eTag])
            #expect(try await visitor.get("/feed/podcast.rss", [.ifNoneMatch: tag]).status == 304)
            let feed = try Feed(answer.body)
            #expect(feed.texts("rss/channel/item/title") == ["Quiet", "Sea & \"Sky\""])
            #expect(feed.texts("rss/channel/item/description").last == "Waves <b>")
            let enclosure = try #require(feed.attributes("rss/channel/item/enclosure").last)
            #expect(enclosure["url"] == "http://films.example/videos/\(video.slug)/media/s.mp4")
            #expect(try await visitor.get("/videos/\(video.slug)/media/s.mp4").status == 200)
            #expect(enclosure["type"] == "video/mp4" && enclosure["length"] == "\(video.media.size)")
            #expect(feed.texts("rss/channel/item/itunes:duration") == ["62", "62"])
            #expect(feed.texts("rss/channel/item/podcast:soundbite") == ["A ]]> wave"])
            let bite = try #require(feed.attributes("rss/channel/item/podcast:soundbite").first)
            #expect(bite["startTime"] == "2" && bite["duration"] == "3.5")
            let sources = feed.attributes("rss/channel/item/podcast:alternateEnclosure/podcast:source")
            #expect(sources.last.flatMap { $0["uri"] }.flatMap { try? MagnetLink($0) }?.infoHashV1 != nil)
            #expect(sources.contains { $0["contentType"] == "application/x-bittorrent" })
            #expect(feed.attributes("rss/channel/atom:link").first?["href"] == "http://films.example/feed/podcast.rss")
            let tagged = try Feed(try await visitor.get("/feed/podcast.rss?tag=land").body)
            #expect(tagged.texts("rss/channel/item/title") == ["Quiet"])
            #expect(
                tagged.attributes("rss/channel/atom:link").first?["href"]
                    == "http://films.example/feed/podcast.rss?tag=land")
            #expect(try await visitor.get("/").text.contains("href=\"/feed/podcast.rss\""))
            var admin = try await site.browser(as: "admin")
            _ = try await admin.api(.patch, "/settings", json: #"{"bittorrent_enabled":false}"#)
            let plain = try Feed(try await visitor.get("/feed/podcast.rss").body)
            #expect(plain.attributes("rss/channel/item/podcast:alternateEnclosure").isEmpty)
            _ = try await admin.post("/videos/\(video.slug)/takedown")
            #expect(!(try await visitor.get("/feed/podcast.rss").text.contains("wave")))
        }
    }

    /// HAZARDS S13: whatever people write, the feed is one well-formed document that says just that.
    @Test func hostileWordsStayWords() async throws {
        try await SiteUnderTest.with { site in
            let words = [
                "</title><script>alert(1)</script>", "]]><![CDATA[", "<!ENTITY x \"y\">&x;&#0;",
                "\"\u{301} '\u{301}<\u{301}", "a\u{FFFE}b\u{FFFF}", "漢字 🎬", "--><!--",
            ]
            for word in words {
                let video = try await site.publish(word, description: word + "\n\ttwo")
                try await site.saveClip(word, of: video)
            }
            var admin = try await site.browser(as: "admin")
            _ = try await admin.api(.patch, "/settings", json: #"{"site_name":"A & <B> \"C\""}"#)
            var visitor = try await site.browser()
            let feed = try Feed(try await visitor.get("/feed/podcast.rss").body)
            let shown = words.reversed().map { $0.replacing("\u{FFFE}", with: "").replacing("\u{FFFF}", with: "") }
            #expect(feed.texts("rss/channel/item/title") == shown)
            #expect(feed.texts("rss/channel/item/podcast:soundbite") == shown)
            #expect(feed.texts("rss/channel/title") == ["A & <B> \"C\""])
        }
    }
}

/// A feed, read by a strict parser.
private final class Feed: NSObject, XMLParserDelegate {
    private var path: [String] = []
    private var text = ""
    private var found: [(path: String, text: String, attributes: [String: String])] = []
    private var open: [[String: String]] = []

    init(_ bytes: [UInt8]) throws {
        super.init()
        let parser = XMLParser(data: Data(bytes))
        parser.delegate = self
        guard parser.parse() else { throw FeedError(line: parser.lineNumber) }
    }

    struct FeedError: Error { let line: Int }

    func texts(_ path: String) -> [String] { found.filter { $0.path == path }.map(\.text) }
    func attributes(_ path: String) -> [[String: String]] { found.filter { $0.path == path }.map(\.attributes) }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        path.append(name)
        open.append(attributes)
        text = ""
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        found.append((path.joined(separator: "/"), text, open.popLast() ?? [:]))
        path.removeLast()
        text = ""
    }
}
