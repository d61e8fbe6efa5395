/// Announce URLs in tiers (BEP 12), every one checked.
public struct TrackerTiers: Equatable, Sendable {
    /// The most URLs in all tiers together.
    public static let maximumURLs = 50

    /// No tracker of others: the site's own is used.
    public static let none = TrackerTiers(checked: [])

    /// The tiers, none of them empty.
    public let tiers: [[String]]

    /// Reads one URL per line; an empty line starts a new tier. Repeated URLs are dropped.
    public init(text: String) throws(CatalogError) {
        let lines = PlainText.unifiedLines(text).unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        var tiers: [[String]] = [[]]
        for line in lines.map({ PlainText.trimmed(String($0)) }) {
            if line.isEmpty {
                tiers.append([])
            } else {
                tiers[tiers.count - 1].append(line)
            }
        }
        try self.init(tiers: tiers)
    }

    /// Checks tiers of URLs; empty tiers and repeated URLs are dropped.
    public init(tiers: [[String]]) throws(CatalogError) {
        var seen: Set<String> = []
        var checked: [[String]] = []
        for tier in tiers {
            var urls: [String] = []
            for url in tier {
                let url = try TrackerURL(url).rawValue
                if seen.insert(url).inserted { urls.append(url) }
            }
            if !urls.isEmpty { checked.append(urls) }
        }
        guard seen.count <= Self.maximumURLs else {
            throw CatalogError(
                field: "tracker_urls", sentence: "There may be at most \(Self.maximumURLs) tracker URLs.")
        }
        self.init(checked: checked)
    }

    private init(checked: [[String]]) { tiers = checked }

    /// Whether there is no URL.
    public var isEmpty: Bool { tiers.isEmpty }

    /// One URL per line, an empty line between tiers: what `init(text:)` reads.
    public var text: String { tiers.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") }
}
