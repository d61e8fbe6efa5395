import Catalog
import Metainfo

/// The settings as the form has them: texts, right or wrong.
struct SettingsForm {
    var siteName: String
    var isBitTorrentEnabled: Bool
    var trackerURLs: String
    /// The raw value of a format, or what was posted instead of one.
    var torrentFormat: String
    /// In GiB.
    var uploadLimit: String
    var tracker: TrackerSettingsForm
    var peers: PeerSettingsForm

    /// The form of saved settings.
    init(_ settings: SiteSettings) {
        siteName = settings.siteName
        isBitTorrentEnabled = settings.bittorrentEnabled
        trackerURLs = settings.trackerTiers.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
        torrentFormat = settings.torrentFormat.rawValue
        uploadLimit = Self.gibibytes(settings.uploadLimit)
        tracker = TrackerSettingsForm(settings.tracker)
        peers = PeerSettingsForm(settings.peers)
    }

    /// The form that was posted.
    init(_ visit: Visit, current: SiteSettings) {
        siteName = visit.field("site_name")
        isBitTorrentEnabled = !visit.field("bittorrent_enabled").isEmpty
        trackerURLs = visit.field("tracker_urls")
        let format = visit.field(TorrentFormatChoice.field)
        torrentFormat = format.isEmpty ? current.torrentFormat.rawValue : format
        uploadLimit = visit.field("upload_limit")
        tracker = TrackerSettingsForm(visit.form, current: current.tracker)
        peers = PeerSettingsForm(visit.form, current: current.peers)
    }

    /// The changes that the form asks for.
    ///
    /// - Throws: `CatalogError` with the sentence of the field that is wrong.
    func changes() throws(CatalogError) -> SettingsChanges {
        guard let bytes = Self.bytes(uploadLimit) else {
            throw CatalogError(
                field: "upload_limit", sentence: "The largest upload is a number of GiB, such as 20 or 0.5.")
        }
        try checkTrackerLines()
        return try SettingsChanges(
            bittorrentEnabled: isBitTorrentEnabled, trackerTiers: try TrackerTiers(text: trackerURLs),
            torrentFormat: try TorrentFormatChoice.format(torrentFormat), uploadLimit: bytes, siteName: siteName,
            tracker: try tracker.settings(), peers: try peers.settings())
    }

    /// Names the first line that is wrong, since there may be many.
    private func checkTrackerLines() throws(CatalogError) {
        for line in trackerURLs.split(whereSeparator: \.isNewline).prefix(200) {
            let url = String(line.drop(while: \.isWhitespace))
            guard !url.isEmpty else { continue }
            do {
                _ = try TrackerURL(url)
            } catch {
                throw CatalogError(field: error.field, sentence: "“\(url.prefix(100))”: \(error.sentence)")
            }
        }
    }

    private static func gibibytes(_ bytes: Int64) -> String {
        let gibi = Double(bytes) / Double(1 << 30)
        if gibi.rounded() == gibi { return String(Int(gibi)) }
        return String((gibi * 1_000_000).rounded() / 1_000_000)
    }

    private static func bytes(_ text: String) -> Int64? {
        let plain = text.split(whereSeparator: \.isWhitespace).joined().replacing(",", with: ".")
        guard plain.utf8.count <= 20, let gibi = Double(plain), gibi.isFinite, gibi > 0, gibi <= 1_000_000 else {
            return nil
        }
        return Int64((gibi * Double(1 << 30)).rounded())
    }
}
