import Catalog
import Logging
import ServiceLifecycle
import Store
import TrackerServer

/// Makes the tracker follow the admin's settings, those that other nodes change too.
struct TrackerSettingsFollower: Service {
    let store: Store
    let tracker: Tracker
    let logger: Logger

    /// Takes the settings as they are.
    func apply() async throws(StoreError) {
        let policy = TrackerPolicy(try await store.settings.load().tracker)
        if tracker.policy != policy { tracker.policy = policy }
    }

    func run() async throws {
        for await _ in store.settings.changes().cancelOnGracefulShutdown() {
            do {
                try await apply()
            } catch {
                logger.warning("tracker settings not read", metadata: ["reason": "\(error.message)"])
            }
        }
        try? await gracefulShutdown()
    }
}

extension TrackerPolicy {
    init(_ settings: TrackerSettings) {
        self.init(
            interval: settings.interval, minimumInterval: settings.minimumInterval,
            defaultPeersWanted: settings.peersPerAnswer, maximumPeersWanted: settings.maximumPeersPerAnswer,
            peersPerSwarm: settings.peersPerSwarm, peersPerAddress: settings.peersPerAddress,
            handOut: HandOutRule(settings.handOut), logsAnnounces: settings.logsAnnounces)
    }
}

extension HandOutRule {
    fileprivate init(_ choice: HandOutChoice) {
        switch choice {
        case .random: self = .random
        case .uploaders: self = .uploaders
        case .mixed: self = .mixed
        }
    }
}
