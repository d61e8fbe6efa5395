import Catalog
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct PeopleTests {
    private static func hash(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

    @Test func namesAreOneWhateverTheirCaseAndForm() async throws {
        try await TestDatabase.withStore { store, _ in
            let user = try await Sample.user(store, "Ren\u{E9}e")
            await expect(.conflict) { try await Sample.user(store, "ren\u{E9}e") }
            await expect(.conflict) { try await Sample.user(store, "Rene\u{301}e") }
            #expect(try await store.users.find(name: "RENE\u{301}E")?.user == user)
            #expect(try await store.users.find(name: "a\u{0}b") == nil)
            #expect(try await store.users.find(name: "' OR 1=1--") == nil)
            #expect(try await store.users.find(id: user.id)?.passwordHash == "hash")
            #expect(try await store.users.count() == 1)
        }
    }

    @Test func theLastAdminStays() async throws {
        try await TestDatabase.withStore { store, _ in
            let first = try await Sample.user(store, "a", role: .admin)
            await expect(.conflict) { try await store.users.setRole(.viewer, of: first.id) }
            await expect(.conflict) { try await store.users.setDisabled(true, of: first.id) }
            let second = try await Sample.user(store, "b", role: .admin)
            #expect(try await store.users.setRole(.viewer, of: first.id).role == .viewer)
            await expect(.conflict) { try await store.users.setDisabled(true, of: second.id) }
            await expect(.notFound) { try await store.users.setRole(.viewer, of: UserID(rawValue: 99)) }
            #expect(try await store.users.list().map(\.name) == ["a", "b"])
        }
    }

    @Test func sessionsLiveAndEnd() async throws {
        try await TestDatabase.withStore { store, database in
            let user = try await Sample.user(store)
            func begin(_ byte: UInt8) async throws -> SessionID {
                try await store.sessions.create(
                    NewSession(
                        tokenHash: Self.hash(byte), userID: user.id, csrf: "c\(byte)", idleSeconds: 60,
                        absoluteSeconds: 3600))
            }
            let first = try await begin(1)
            _ = try await begin(2)
            #expect(try await store.sessions.find(tokenHash: Self.hash(1))?.csrf == "c1")
            #expect(try await store.sessions.find(tokenHash: Self.hash(9)) == nil)
            try await store.users.setPassword("new", of: user.id, keeping: first)
            #expect(try await store.sessions.find(tokenHash: Self.hash(2)) == nil)
            #expect(try await store.sessions.find(tokenHash: Self.hash(1))?.user == user)
            try await database.execute("UPDATE sessions SET used_at = now() - interval '61 seconds'")
            #expect(try await store.sessions.find(tokenHash: Self.hash(1)) == nil)
            #expect(try await store.sessions.sweep() == 1)
            _ = try await begin(3)
            try await store.sessions.delete(tokenHash: Self.hash(3))
            #expect(try await store.sessions.find(tokenHash: Self.hash(3)) == nil)
        }
    }

    @Test func usingASessionProlongsIt() async throws {
        try await TestDatabase.withStore { store, database in
            let user = try await Sample.user(store)
            _ = try await store.sessions.create(
                NewSession(tokenHash: Self.hash(1), userID: user.id, csrf: "c", idleSeconds: 600, absoluteSeconds: 3600)
            )
            try await database.execute("UPDATE sessions SET used_at = now() - interval '5 minutes'")
            #expect(try await store.sessions.find(tokenHash: Self.hash(1)) != nil)
            let recent: Bool? = try await database.first(
                "SELECT used_at > now() - interval '1 minute' FROM sessions")?.column(0)
            #expect(recent == true)
        }
    }

    /// D13: a database that takes no writes still answers readers.
    @Test func aReadOnlyDatabaseIsRead() async throws {
        try await TestDatabase.withStore { store, database in
            let user = try await Sample.user(store)
            _ = try await store.sessions.create(
                NewSession(tokenHash: Self.hash(1), userID: user.id, csrf: "c", idleSeconds: 600, absoluteSeconds: 3600)
            )
            try await database.execute("UPDATE sessions SET used_at = now() - interval '5 minutes'")
            try await database.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
            #expect(try await store.sessions.find(tokenHash: Self.hash(1))?.user == user)
            #expect(try await store.videos.published(query: LibraryQuery()).total == 0)
            await expect(.readOnly) { try await store.sessions.delete(tokenHash: Self.hash(1)) }
            await expect(.readOnly) { try await store.media.begin(NewMedia(declaredSize: 1, fileName: "a")) }
        }
    }

    @Test func lockingOutEndsSessionsAndTokens() async throws {
        try await TestDatabase.withStore { store, _ in
            let user = try await Sample.user(store)
            _ = try await store.sessions.create(
                NewSession(tokenHash: Self.hash(1), userID: user.id, csrf: "c", idleSeconds: 60, absoluteSeconds: 60))
            let token = try await store.tokens.create(hash: Self.hash(2), user: user.id, label: "script")
            #expect(try await store.tokens.find(hash: Self.hash(2)) == user)
            #expect(try await store.tokens.list(of: user.id).map(\.label) == ["script"])
            #expect(try await store.users.setDisabled(true, of: user.id).isDisabled)
            #expect(try await store.sessions.find(tokenHash: Self.hash(1)) == nil)
            #expect(try await store.tokens.find(hash: Self.hash(2)) == nil)
            await expect(.notFound) { try await store.tokens.delete(token, of: user.id) }
            await expect(.conflict) {
                try await store.tokens.create(hash: Self.hash(3), user: UserID(rawValue: 99), label: "")
            }
        }
    }

    @Test func theSetUpLinkWorksOnce() async throws {
        try await TestDatabase.withStore { store, _ in
            #expect(try await store.users.setSetupToken(hash: Self.hash(1), lifetimeSeconds: 60))
            #expect(try await store.users.setSetupToken(hash: Self.hash(2), lifetimeSeconds: 60))
            #expect(try await !store.users.isSetupTokenValid(hash: Self.hash(1)))
            #expect(try await store.users.isSetupTokenValid(hash: Self.hash(2)))
            let name = try UserName("root")
            await expect(.notFound) {
                try await store.users.createFirstAdmin(setupTokenHash: Self.hash(1), name: name, passwordHash: "h")
            }
            let admin = try await store.users.createFirstAdmin(
                setupTokenHash: Self.hash(2), name: name, passwordHash: "h")
            #expect(admin.role == .admin)
            await expect(.notFound) {
                try await store.users.createFirstAdmin(setupTokenHash: Self.hash(2), name: name, passwordHash: "h")
            }
            #expect(try await !store.users.setSetupToken(hash: Self.hash(3), lifetimeSeconds: 60))
        }
    }
}
