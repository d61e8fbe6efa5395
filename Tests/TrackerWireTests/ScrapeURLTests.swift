import Testing
import TrackerWire

/// The examples of BEP 48, and what is near them.
@Suite struct ScrapeURLTests {
    @Test(
        arguments: [
            ("http://example.com/announce", "http://example.com/scrape"),
            ("http://example.com/x/announce", "http://example.com/x/scrape"),
            ("http://example.com/announce.php", "http://example.com/scrape.php"),
            ("http://example.com/announce?x2%0644", "http://example.com/scrape?x2%0644"),
            ("https://example.com:8443/announce/KEY-announce", nil),
            ("https://example.com/KEY/announce?passkey=1", "https://example.com/KEY/scrape?passkey=1"),
            ("http://example.com/a", nil), ("http://example.com/announce?x=2/4", nil),
            ("http://example.com/x%064announce", nil), ("http://example.com/xannounce", nil),
            ("announce", nil), ("", nil), ("/", nil), ("/announce", "/scrape"),
        ] as [(String, String?)]) func replacesTheLastWord(url: String, scrape: String?)
    {
        #expect(ScrapeURL.of(announce: url) == scrape)
    }
}
