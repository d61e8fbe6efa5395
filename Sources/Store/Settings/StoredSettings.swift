import Catalog
import Metainfo

/// How settings lie in rows of key and text.
enum StoredSettings {
    static let bittorrentEnabled = "bittorrent_enabled"
    static let trackerURLs = "tracker_urls"
    static let torrentFormat = "torrent_format"
    static let uploadLimit = "upload_limit"
    static let siteName = "site_name"

    /// All settings as rows, in the order in which the record of changes names them.
    static func pairs(_ settings: SiteSettings) -> [(String, String)] {
        let tiers = settings.trackerTiers.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
        let own: [(String, String)] = [
            (bittorrentEnabled, settings.bittorrentEnabled ? "true" : "false"), (trackerURLs, tiers),
            (torrentFormat, settings.torrentFormat.rawValue), (uploadLimit, String(settings.uploadLimit)),
            (siteName, settings.siteName),
        ]
        return own + TrackerSettings.Field.allCases.map { ($0.rawValue, settings.tracker.stored($0)) }
            + PeerSettings.Field.allCases.map { ($0.rawValue, settings.peers.stored($0)) }
    }
}

extension SiteSettings {
    /// What cannot be read has its default.
    init(stored: [String: String]) {
        self.init()
        if let value = stored[StoredSettings.bittorrentEnabled] { bittorrentEnabled = value == "true" }
        if let value = stored[StoredSettings.trackerURLs] {
            trackerTiers = (try? TrackerTiers(text: value))?.tiers ?? []
        }
        if let value = stored[StoredSettings.torrentFormat].flatMap(TorrentFormat.init) { torrentFormat = value }
        if let value = stored[StoredSettings.uploadLimit].flatMap(Int64.init),
            SettingsChanges.uploadLimits.contains(value)
        {
            uploadLimit = value
        }
        if let value = stored[StoredSettings.siteName] { siteName = value }
        tracker = TrackerSettings(stored: stored)
        peers = PeerSettings(stored: stored)
    }
}

extension TrackerSettings {
    fileprivate init(stored: [String: String]) {
        self.init()
        // The order of the fields puts each upper end before the setting that must not exceed it.
        for field in [
            Field.interval, .minimumInterval, .maximumPeersPerAnswer, .peersPerAnswer, .peersPerSwarm,
            .peersPerAddress,
        ] {
            guard let range = range(of: field), let number = number(field) else { continue }
            let value = stored[field.rawValue].flatMap(Int.init) ?? number
            set(field, to: range.contains(value) ? value : min(max(number, range.lowerBound), range.upperBound))
        }
        if let rule = stored[Field.handOut.rawValue].flatMap(HandOutChoice.init) { handOut = rule }
        if let value = stored[Field.logsAnnounces.rawValue] { logsAnnounces = value == "true" }
    }

    private mutating func set(_ field: Field, to value: Int) {
        switch field {
        case .interval: interval = value
        case .minimumInterval: minimumInterval = value
        case .peersPerAnswer: peersPerAnswer = value
        case .maximumPeersPerAnswer: maximumPeersPerAnswer = value
        case .peersPerSwarm: peersPerSwarm = value
        case .peersPerAddress: peersPerAddress = value
        case .handOut, .logsAnnounces: break
        }
    }

    fileprivate func stored(_ field: Field) -> String {
        switch field {
        case .handOut: handOut.rawValue
        case .logsAnnounces: logsAnnounces ? "true" : "false"
        default: number(field).map(String.init) ?? ""
        }
    }
}

extension PeerSettings {
    fileprivate init(stored: [String: String]) {
        self.init()
        func rate(_ field: Field) -> Int? {
            stored[field.rawValue].flatMap(Int.init).flatMap { Self.rates.contains($0) ? $0 : nil }
        }
        if let value = rate(.uploadRate) { uploadRate = value }
        if let value = rate(.downloadRate) { downloadRate = value }
        if let value = stored[Field.superSeeding.rawValue] { superSeeding = value == "true" }
    }

    fileprivate func stored(_ field: Field) -> String {
        switch field {
        case .uploadRate: String(uploadRate)
        case .downloadRate: String(downloadRate)
        case .superSeeding: superSeeding ? "true" : "false"
        }
    }
}
