import Catalog
import Logging
import ServiceLifecycle
import Store
import TorrentEngine

/// Makes the peer engine follow the admin's settings, from the start and whichever node changes them.
struct PeerSettingsFollower: Service {
    let store: Store
    let logger: Logger
    /// Puts settings into force.
    let use: @Sendable (PeerSettings) async -> Void

    init(store: Store, engine: SwarmEngine, logger: Logger) {
        self.init(store: store, logger: logger) { settings in
            await engine.setGlobalLimits(download: settings.downloadLimit, upload: settings.uploadLimit)
            await engine.setSuperSeeding(settings.superSeeding)
        }
    }

    init(store: Store, logger: Logger, use: @escaping @Sendable (PeerSettings) async -> Void) {
        self.store = store
        self.logger = logger
        self.use = use
    }

    /// Takes the settings as they are.
    func apply() async {
        do {
            await use(try await store.settings.load().peers)
        } catch {
            logger.warning("settings of peers not read", metadata: ["reason": "\(error.message)"])
        }
    }

    func run() async throws {
        await apply()
        for await _ in store.settings.changes().cancelOnGracefulShutdown() { await apply() }
        try? await gracefulShutdown()
    }
}

extension PeerSettings {
    /// Bytes a second that are sent at most; nil for no limit.
    var uploadLimit: Int? { uploadRate > 0 ? uploadRate << 10 : nil }

    /// Bytes a second that are taken at most; nil for no limit.
    var downloadLimit: Int? { downloadRate > 0 ? downloadRate << 10 : nil }
}
