import Catalog
import Store
import TestDatabase
import Testing
import TrackerServer

@testable import ReelswarmApp

@Suite struct SwarmsSettingsTests {
    @Test func theTrackerTakesTheSettingsOver() async throws {
        try await TestDatabase.withStore { store, database in
            let tracker = try await SwarmsSample.make(1, in: database).tracker()
            let follower = TrackerSettingsFollower(store: store, tracker: tracker, logger: SwarmsSample.logger)
            try await follower.apply()
            #expect(tracker.policy == TrackerPolicy())
            let running = Task { try await follower.run() }
            let wanted = TrackerSettings(
                interval: 120, minimumInterval: 20, peersPerAnswer: 7, maximumPeersPerAnswer: 9, peersPerSwarm: 99,
                peersPerAddress: 0, handOut: .uploaders, logsAnnounces: false)
            while tracker.policy.interval != 120 {
                // LISTEN takes effect some time after the call.
                _ = try await store.settings.save(SettingsChanges(tracker: wanted), by: nil)
                try await Task.sleep(for: .milliseconds(20))
            }
            running.cancel()
            try await running.value
            let policy = tracker.policy
            #expect(policy.minimumInterval == 20 && policy.defaultPeersWanted == 7 && policy.maximumPeersWanted == 9)
            #expect(policy.peersPerSwarm == 99 && policy.peersPerAddress == 0)
            #expect(policy.handOut == .uploaders && !policy.logsAnnounces)
        }
    }

    @Test func thePeerEngineTakesTheSettingsOver() async throws {
        try await TestDatabase.withStore { store, _ in
            _ = try await store.settings.save(SettingsChanges(peers: PeerSettings(uploadRate: 5)), by: nil)
            let (used, continuation) = AsyncStream.makeStream(of: PeerSettings.self)
            let follower = PeerSettingsFollower(store: store, logger: SwarmsSample.logger) { continuation.yield($0) }
            let running = Task { try await follower.run() }
            var settings = used.makeAsyncIterator()
            // What was set before the start counts from the start.
            #expect(await settings.next() == PeerSettings(uploadRate: 5))
            let wanted = PeerSettings(downloadRate: 7, superSeeding: true)
            let changing = Task {
                while !Task.isCancelled {
                    // LISTEN takes effect some time after the call.
                    _ = try await store.settings.save(SettingsChanges(peers: wanted), by: nil)
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            #expect(await settings.next() == wanted)
            changing.cancel()
            running.cancel()
            try await running.value
        }
    }

    @Test func ratesBecomeBytes() {
        #expect(PeerSettings().uploadLimit == nil && PeerSettings().downloadLimit == nil)
        let settings = PeerSettings(uploadRate: 3, downloadRate: 10_000_000)
        #expect(settings.uploadLimit == 3_072 && settings.downloadLimit == 10_240_000_000)
    }

    @Test(arguments: TrackerSettings.Field.allCases)
    func theTrackersRangesAreThoseOfTheSettings(field: TrackerSettings.Field) {
        guard let range = TrackerSettings(interval: 14_400, maximumPeersPerAnswer: 80).range(of: field) else { return }
        for value in [range.lowerBound, range.upperBound] {
            var settings = TrackerSettings(
                interval: 14_400, minimumInterval: 1, peersPerAnswer: 0, maximumPeersPerAnswer: 80)
            switch field {
            case .interval: settings.interval = value
            case .minimumInterval: settings.minimumInterval = value
            case .peersPerAnswer: settings.peersPerAnswer = value
            case .maximumPeersPerAnswer: settings.maximumPeersPerAnswer = value
            case .peersPerSwarm: settings.peersPerSwarm = value
            case .peersPerAddress: settings.peersPerAddress = value
            case .handOut, .logsAnnounces: break
            }
            let policy = TrackerPolicy(settings)
            let kept = [
                policy.interval, policy.minimumInterval, policy.defaultPeersWanted, policy.maximumPeersWanted,
                policy.peersPerSwarm, policy.peersPerAddress,
            ]
            #expect(
                kept == [
                    settings.interval, settings.minimumInterval, settings.peersPerAnswer,
                    settings.maximumPeersPerAnswer, settings.peersPerSwarm, settings.peersPerAddress,
                ])
        }
    }
}
