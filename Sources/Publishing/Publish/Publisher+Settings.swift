public import Catalog
import Store

extension Publisher {
    /// Saves changed settings, and starts or stops BitTorrent when that was changed. Throws `unavailable`, `invalid`.
    public func changeSettings(
        _ changes: SettingsChanges, by user: UserID?
    ) async throws(PublishingError) -> SiteSettings {
        let settings = try await storing { () throws(StoreError) in
            try await store.settings.save(changes, by: user)
        }
        if changes.bittorrentEnabled != nil { try await applyBitTorrentSwitch(settings) }
        return settings
    }

    /// Switches BitTorrent on or off. On: every published torrent is tracked and seeded, and missing torrents (of films
    /// uploaded while it was off) are made by a job from the stored hashes. Off: all are refused, none is seeded.
    @discardableResult
    public func switchBitTorrent(on: Bool, by user: UserID?) async throws(PublishingError) -> SiteSettings {
        let changes: SettingsChanges
        do {
            changes = try SettingsChanges(bittorrentEnabled: on)
        } catch {
            throw PublishingError(.invalid, error.sentence)
        }
        return try await changeSettings(changes, by: user)
    }

    private func applyBitTorrentSwitch(_ settings: SiteSettings) async throws(PublishingError) {
        if settings.bittorrentEnabled {
            try await storing { () throws(StoreError) in
                try await store.jobs.enqueue(NewJob(kind: .missingTorrents))
            }
            work.wake()
        }
        try await resumeAll()
    }
}
