import Testing

@testable import Catalog

@Suite struct TrackerSettingsTests {
    @Test func aNewSiteHasSettingsThatMayBeSaved() throws {
        let settings = TrackerSettings()
        #expect(try SettingsChanges(tracker: settings).applied(to: SiteSettings()) == SiteSettings())
        #expect(settings.interval == 900 && settings.minimumInterval == 60 && settings.handOut == .mixed)
        #expect(settings.peersPerAnswer == 30 && settings.maximumPeersPerAnswer == 50 && settings.logsAnnounces)
        #expect(settings.peersPerSwarm == 50_000 && settings.peersPerAddress == 64)
    }

    @Test(arguments: [
        (TrackerSettings(interval: 9, minimumInterval: 5), "tracker_interval"),
        (TrackerSettings(interval: 14_401), "tracker_interval"),
        (TrackerSettings(interval: .min), "tracker_interval"),
        (TrackerSettings(minimumInterval: 0), "tracker_minimum_interval"),
        (TrackerSettings(interval: 30, minimumInterval: 31), "tracker_minimum_interval"),
        (TrackerSettings(peersPerAnswer: -1), "tracker_peers"),
        (TrackerSettings(peersPerAnswer: 51), "tracker_peers"),
        (TrackerSettings(peersPerAnswer: 0, maximumPeersPerAnswer: 0), "tracker_maximum_peers"),
        (TrackerSettings(peersPerAnswer: 0, maximumPeersPerAnswer: .min), "tracker_maximum_peers"),
        (TrackerSettings(maximumPeersPerAnswer: 81), "tracker_maximum_peers"),
        (TrackerSettings(peersPerSwarm: 15), "tracker_swarm_limit"),
        (TrackerSettings(peersPerSwarm: .max), "tracker_swarm_limit"),
        (TrackerSettings(peersPerAddress: -1), "tracker_address_limit"),
        (TrackerSettings(peersPerAddress: 10_001), "tracker_address_limit"),
    ])
    func aSettingOutOfRangeIsNamed(settings: TrackerSettings, field: String) throws {
        let error = try #require(throws: CatalogError.self) { try SettingsChanges(tracker: settings) }
        #expect(error.field == field && error.sentence.hasSuffix("."))
    }

    @Test func theEndsOfTheRangesAreAllowed() throws {
        for number in [
            TrackerSettings(interval: 10, minimumInterval: 10), TrackerSettings(interval: 14_400, minimumInterval: 1),
            TrackerSettings(peersPerAnswer: 0, maximumPeersPerAnswer: 1),
            TrackerSettings(peersPerAnswer: 80, maximumPeersPerAnswer: 80),
            TrackerSettings(peersPerSwarm: 16, peersPerAddress: 0),
            TrackerSettings(peersPerSwarm: 1_000_000, peersPerAddress: 10_000),
        ] {
            #expect(try SettingsChanges(tracker: number).tracker == number)
        }
    }

    @Test func everyNumberHasARangeThatHoldsIt() {
        let settings = TrackerSettings()
        for field in TrackerSettings.Field.allCases {
            let number = settings.number(field)
            #expect((number == nil) == (settings.range(of: field) == nil))
            if let number, let range = settings.range(of: field) { #expect(range.contains(number)) }
        }
    }
}
