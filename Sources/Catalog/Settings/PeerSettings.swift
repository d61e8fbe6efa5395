/// The settings of the peer engine, which seeds films and fetches imports; checked where they are changed, by
/// `SettingsChanges`.
public struct PeerSettings: Equatable, Sendable {
    /// The names of the settings in forms, JSON and the database.
    public enum Field: String, CaseIterable, Sendable {
        /// `uploadRate`
        case uploadRate = "upload_rate"
        /// `downloadRate`
        case downloadRate = "download_rate"
        /// `superSeeding`
        case superSeeding = "super_seeding"
    }

    /// What a rate may be, in KiB/s.
    public static let rates: ClosedRange<Int> = 0...10_000_000

    /// KiB/s that all torrents together send to peers at most; 0 is no limit.
    public var uploadRate: Int
    /// KiB/s that all imports together take from peers at most; 0 is no limit.
    public var downloadRate: Int
    /// Whether peers are shown single pieces while we are the only seed (BEP 16).
    public var superSeeding: Bool

    /// Makes settings; without arguments those of a new site.
    public init(uploadRate: Int = 0, downloadRate: Int = 0, superSeeding: Bool = false) {
        self.uploadRate = uploadRate
        self.downloadRate = downloadRate
        self.superSeeding = superSeeding
    }

    /// Throws the first rule that is broken, in one sentence.
    func check() throws(CatalogError) {
        for (field, rate, name) in [
            (Field.uploadRate, uploadRate, "upload"), (.downloadRate, downloadRate, "download"),
        ] where !Self.rates.contains(rate) {
            throw CatalogError(
                field: field.rawValue,
                sentence: "The \(name) rate lies between 0 and 10,000,000 KiB/s; 0 is no limit.")
        }
    }
}
