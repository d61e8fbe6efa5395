/// Where a tracker is scraped (BEP 48): its announce URL with the word `announce` behind the last slash replaced.
public enum ScrapeURL {
    /// The scrape URL of an announce URL; nil when the text behind its last slash does not begin with `announce`, which
    /// means that the tracker cannot be scraped.
    public static func of(announce url: String) -> String? {
        guard let slash = url.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        let start = url.utf8.index(after: slash)
        let tail = url[start...]
        guard tail.hasPrefix("announce") else { return nil }
        return url[..<start] + "scrape" + tail.dropFirst("announce".count)
    }
}
