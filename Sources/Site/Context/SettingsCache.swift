public import Catalog
public import Store
import Synchronization

/// The site's settings, kept in memory so that no page asks the database for them.
///
/// They are read again after `lifetime`, at once after a change made here (`replace`), and whenever the application
/// calls `forget` because another node has changed them. While the database is away the last known settings stay in
/// force.
public final class SettingsCache: Sendable {
    private struct State {
        var settings = SiteSettings()
        var readAt: ContinuousClock.Instant?
    }

    private let repository: SettingsRepository
    private let lifetime: Duration
    private let state = Mutex(State())

    /// Nothing is read until someone asks.
    public init(repository: SettingsRepository, lifetime: Duration = .seconds(5)) {
        self.repository = repository
        self.lifetime = lifetime
    }

    /// The settings that were last read or saved; the defaults before that. Never waits.
    public var latest: SiteSettings { state.withLock { $0.settings } }

    /// The settings, read from the database when the ones in memory are too old.
    ///
    /// - Throws: `StoreError` only when they were never read.
    public func current() async throws(StoreError) -> SiteSettings {
        let now = ContinuousClock.now
        let (known, isFresh) = state.withLock { state in
            (state.readAt == nil ? nil : state.settings, state.readAt.map { now - $0 < lifetime } ?? false)
        }
        if let known, isFresh { return known }
        do {
            let settings = try await repository.load()
            replace(with: settings)
            return settings
        } catch {
            guard let known else { throw error }
            return known
        }
    }

    /// Takes settings that were just saved.
    public func replace(with settings: SiteSettings) {
        state.withLock {
            $0.settings = settings
            $0.readAt = .now
        }
    }

    /// Makes the next one who asks read them again.
    public func forget() {
        state.withLock { state in if state.readAt != nil { state.readAt = .now - lifetime } }
    }
}
