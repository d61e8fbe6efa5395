import Testing

@testable import Catalog

@Suite struct PeerSettingsTests {
    @Test func aNewSiteLimitsNothing() throws {
        let settings = PeerSettings()
        #expect(settings.uploadRate == 0 && settings.downloadRate == 0 && !settings.superSeeding)
        #expect(try SettingsChanges(peers: settings).applied(to: SiteSettings()) == SiteSettings())
    }

    @Test(arguments: [
        (PeerSettings(uploadRate: -1), "upload_rate"), (PeerSettings(uploadRate: 10_000_001), "upload_rate"),
        (PeerSettings(uploadRate: .max), "upload_rate"), (PeerSettings(downloadRate: .min), "download_rate"),
        (PeerSettings(downloadRate: 10_000_001), "download_rate"),
    ])
    func aRateOutOfRangeIsNamed(settings: PeerSettings, field: String) throws {
        let error = try #require(throws: CatalogError.self) { try SettingsChanges(peers: settings) }
        #expect(error.field == field && error.sentence.hasSuffix("."))
    }

    @Test func theEndsOfTheRangeAreAllowed() throws {
        let settings = PeerSettings(uploadRate: 10_000_000, downloadRate: 0, superSeeding: true)
        let changed = try SettingsChanges(peers: settings).applied(to: SiteSettings())
        #expect(changed.peers == settings && changed.tracker == TrackerSettings())
    }
}
