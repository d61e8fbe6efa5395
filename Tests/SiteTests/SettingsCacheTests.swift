import Catalog
import Store
import Testing

@testable import Site

@Suite struct SettingsCacheTests {
    @Test func remembersUntilToldOrOld() async throws {
        try await SiteUnderTest.with { site in
            let store = site.store
            let cache = SettingsCache(repository: store.settings, lifetime: .seconds(3600))
            #expect(try await cache.current().siteName == "Reelswarm")
            _ = try await store.settings.save(SettingsChanges(siteName: "Other"), by: nil)
            #expect(try await cache.current().siteName == "Reelswarm")
            cache.forget()
            #expect(try await cache.current().siteName == "Other")
            #expect(cache.latest.siteName == "Other")
            let impatient = SettingsCache(repository: store.settings, lifetime: .zero)
            #expect(try await impatient.current().siteName == "Other")
            _ = try await store.settings.save(SettingsChanges(siteName: "Third"), by: nil)
            #expect(try await impatient.current().siteName == "Third")
        }
    }
}
