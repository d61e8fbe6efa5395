import Catalog
import Testing

@testable import Site

@Suite struct WordsTests {
    @Test(arguments: [
        (0.0, "0:00", "less than a second"), (7.4, "0:07", "7 seconds"), (62, "1:02", "1 minute 2 seconds"),
        (3600, "1:00:00", "1 hour"), (6130, "1:42:10", "1 hour 42 minutes"), (120, "2:00", "2 minutes"),
    ])
    func saysLengths(_ seconds: Double, _ clock: String, _ words: String) {
        #expect(TimeWords.clock(seconds) == clock)
        #expect(TimeWords.words(seconds) == words)
    }

    @Test(arguments: [Double.nan, .infinity, -1, 1e300]) func saysNoImpossibleLength(_ seconds: Double) {
        #expect(TimeWords.clock(seconds) == nil)
        #expect(TimeWords.words(seconds) == nil)
    }

    @Test func saysDays() {
        #expect(TimeWords.day(Timestamp(seconds: 1_795_219_200)) == "21 November 2026")
        #expect(TimeWords.day(Timestamp(seconds: 4_294_967_296)) == "7 February 2106")
    }

    @Test(arguments: [
        (Int64(0), "0 bytes"), (999, "999 bytes"), (1000, "1 KB"), (1_262_485_504, "1.3 GB"), (15_000_000, "15 MB"),
        (.max, "9223 PB"),
    ])
    func saysSizes(_ bytes: Int64, _ words: String) {
        #expect(ByteWords.decimal(bytes) == words)
    }

    @Test func saysLimits() {
        #expect(ByteWords.binary(20 << 30) == "20 GiB")
        #expect(ByteWords.binary(1536) == "1.5 KiB")
        #expect(ByteWords.grouped(1_262_485_504) == "1,262,485,504")
        #expect(ByteWords.grouped(-1234) == "-1,234")
    }

    @Test(arguments: [
        ("/videos/a", "/videos/a"), ("/?q=a%20b", "/?q=a%20b"), ("//evil", "/"), ("https:evil", "/"), ("\\\\evil", "/"),
        ("/\\evil", "/"), ("/a\\b", "/"), ("", "/"), ("evil", "/"), ("/a\r\nX: y", "/"), ("/\t/evil", "/"),
        ("https://evil/", "/"), ("/ä", "/"),
    ])
    func goesOnlyToThisSite(_ next: String, _ expected: String) {
        #expect(NextPath.safe(next) == expected)
    }

    @Test(arguments: [
        ("see https://a.example/x?y=1&z=2.", ["see ", "https://a.example/x?y=1&z=2", "."]),
        ("(http://a.example/)", ["(", "http://a.example/", ")"]), ("HTTPS://A.example", ["HTTPS://A.example"]),
        ("javascript:alert(1)", ["javascript:alert(1)"]), ("xhttp://a.example", ["xhttp://a.example"]),
        ("http://", ["http://"]), ("https://\"><img>", ["https://\"><img>"]), ("ftp://a.example", ["ftp://a.example"]),
        ("a http://b.example\nc", ["a ", "http://b.example", "\nc"]), ("", []), ("http://[::1]/x", ["http://[::1]/x"]),
    ])
    func linksOnlyWebAddresses(_ text: String, _ pieces: [String]) {
        let found = DescriptionText.pieces(text)
        #expect(found.map(\.text) == pieces)
        #expect(found.map(\.text).joined() == text)
        for piece in found { #expect(piece.isLink == piece.text.lowercased().contains(/^https?:\/\/[a-z\[]/)) }
    }

    @Test func shortensDescriptions() {
        #expect(DescriptionText.excerpt("a\n\nb   c") == "a b c")
        #expect(DescriptionText.excerpt(String(repeating: "x", count: 500), limit: 10) == "xxxxxxxxx…")
    }

    @Test(arguments: [
        ("https://films.example", "https://films.example"), ("http://Films.Example:8080/", "http://films.example:8080"),
        ("https://[2001:db8::1]:443", "https://[2001:db8::1]:443"),
    ])
    func readsPublicURLs(_ text: String, _ origin: String) {
        #expect(PublicURL(text)?.origin == origin)
    }

    @Test(arguments: [
        "films.example", "ftp://films.example", "https://", "https://a/b", "https://a?b", "https://u@a", "https://a:0",
        "https://a:99999", "null", "", "https://a#b",
    ])
    func refusesPublicURLs(_ text: String) {
        #expect(PublicURL(text) == nil)
    }

    @Test func comparesTokens() {
        #expect(isSameToken("abc", "abc"))
        #expect(!isSameToken("abc", "abd"))
        #expect(!isSameToken("abc", "ab"))
        #expect(!isSameToken("", ""))
    }

    @Test func factsSurviveNonsense() {
        let media = MediaSummary(
            id: MediaID(rawValue: 1), size: 10, mediaType: "video/mp4", fileName: "a.mp4", duration: nil, width: nil,
            height: nil, container: "mp4", facts: Array("{\"streams\":7}".utf8), etag: "")
        #expect(FilmFacts(media).formats == "MP4")
        #expect(FilmFacts(media).lines.map(\.name) == ["Container", "Size", "File"])
    }
}
