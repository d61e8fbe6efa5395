import Catalog
import Logging
import ServiceLifecycle
import Store

/// Keeps the announcer to outside trackers in step with the settings, whichever node changed them.
struct OutsideTrackerSettings: Service {
    let store: Store
    let trackers: OutsideTrackers
    let logger: Logger

    func run() async throws {
        await follow()
        for await _ in store.settings.changes().cancelOnGracefulShutdown() { await follow() }
        try? await gracefulShutdown()
    }

    /// Takes over the settings as they are.
    func follow() async {
        do {
            let settings = try await store.settings.load()
            trackers.use(tiers: settings.bittorrentEnabled ? settings.trackerTiers : [])
        } catch {
            logger.warning("settings of outside trackers not read", metadata: ["reason": "\(error.message)"])
        }
    }
}
