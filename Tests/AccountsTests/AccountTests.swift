import Accounts
import Catalog
import Cryptography
import Logging
import Postgres
import Store
import Testing

/// Log-in, sessions, tokens and users on a real database.
@Suite struct AccountTests {
    static let password = "correct horse"

    // MARK: - Log-in

    @Test func logInOpensASessionThatStandsForItsUser() async throws {
        try await TestAccounts.with { site in
            let user = try await site.accounts.createUser(name: "ada", password: Self.password, role: .publisher)
            let session = try await site.accounts.logIn(name: "ada", password: Self.password, client: "192.0.2.1")
            let viewer = try #require(try await site.accounts.viewer(sessionToken: session.token))
            #expect(viewer.user.id == user.id)
            #expect(viewer.has(.publisher) && !viewer.has(.admin))
            #expect(viewer.csrf == session.csrf)
            #expect(site.accounts.checkCSRF(viewer, token: session.csrf))
            for wrong in [nil, "", session.token, session.csrf + "x"] {
                #expect(!site.accounts.checkCSRF(viewer, token: wrong))
            }
        }
    }

    @Test(arguments: [
        ("ada", "wrong horse"), ("nobody", password), ("", ""), ("ada", ""), ("ada\0", password), ("'; --", password),
        ("ada", String(repeating: "x", count: 100_000)), (String(repeating: "a", count: 100_000), password),
    ]) func wrongCredentialsAreAllTheSame(name: String, password: String) async throws {
        try await TestAccounts.with { site in
            _ = try await site.accounts.createUser(name: "ada", password: Self.password, role: .viewer)
            await #expect(throws: AccountError.wrongCredentials) {
                _ = try await site.accounts.logIn(name: name, password: password, client: "192.0.2.1")
            }
        }
    }

    /// HAZARDS S01, S04.
    @Test func tokensRotateAndNoneIsAdopted() async throws {
        try await TestAccounts.with { site in
            _ = try await site.accounts.createUser(name: "ada", password: Self.password, role: .viewer)
            let chosen = String(repeating: "A", count: 43)
            let first = try await site.accounts.logIn(
                name: "ada", password: Self.password, client: "192.0.2.1", replacing: chosen)
            #expect(first.token != chosen)
            #expect(try await site.accounts.viewer(sessionToken: chosen) == nil)
            let second = try await site.accounts.logIn(
                name: "ada", password: Self.password, client: "192.0.2.1", replacing: first.token)
            #expect(second.token != first.token && second.csrf != first.csrf)
            #expect(try await site.accounts.viewer(sessionToken: first.token) == nil)
            #expect(try await site.accounts.viewer(sessionToken: second.token) != nil)
        }
    }

    /// HAZARDS S05.
    @Test func guessingIsSlowedDownButNobodyIsLockedOut() async throws {
        try await TestAccounts.with(limits: LoginLimits(accountAndAddress: .init(capacity: 3, refillSeconds: 60))) {
            site in
            _ = try await site.accounts.createUser(name: "ada", password: Self.password, role: .viewer)
            for _ in 0..<3 {
                await #expect(throws: AccountError.wrongCredentials) {
                    _ = try await site.accounts.logIn(name: "ada", password: "wrong horse", client: "192.0.2.1")
                }
            }
            let error = await #expect(throws: AccountError.self) {
                _ = try await site.accounts.logIn(name: "ADA", password: Self.password, client: "192.0.2.1")
            }
            #expect(error?.code == "too_many_attempts")
            #expect((1...60).contains(error?.retryAfter ?? 0))
            _ = try await site.accounts.logIn(name: "ada", password: Self.password, client: "192.0.2.2")
        }
    }

    /// HAZARDS S07: what does not fit behind the gate is told to come back.
    @Test func aBurstIsBoundedByTheGate() async throws {
        try await TestAccounts.with(gate: ScryptGate(concurrent: 1, waiting: 2)) { site in
            _ = try await site.accounts.createUser(name: "ada", password: Self.password, role: .viewer)
            let outcomes = await withTaskGroup(of: String.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        do throws(AccountError) {
                            _ = try await site.accounts.logIn(
                                name: "ada", password: Self.password, client: "192.0.2.\(number)")
                            return "ok"
                        } catch {
                            return error.code
                        }
                    }
                }
                return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(outcomes["ok", default: 0] >= 3)
            #expect(outcomes["busy", default: 0] > 0)
            #expect(outcomes["ok", default: 0] + outcomes["busy", default: 0] == 20)
        }
    }

    /// HAZARDS S08: exact bytes, NUL included.
    @Test(arguments: ["nul\0inside", "caf\u{E9} secret", "cafe\u{301} secret", String(repeating: "x", count: 1024)])
    func passwordsAreExactBytes(password: String) async throws {
        try await TestAccounts.with { site in
            _ = try await site.accounts.createUser(name: "ada", password: password, role: .viewer)
            _ = try await site.accounts.logIn(name: "ada", password: password, client: "192.0.2.1")
            let other =
                password.contains("caf")
                ? (password.utf8.count == 12 ? "cafe\u{301} secret" : "caf\u{E9} secret") : "nul"
            await #expect(throws: AccountError.wrongCredentials) {
                _ = try await site.accounts.logIn(name: "ada", password: other, client: "192.0.2.1")
            }
        }
    }

    // MARK: - Ends

    /// HAZARDS S02.
    @Test func everythingThatEndsASessionEndsItAtOnce() async throws {
        try await TestAccounts.with { site in
            _ = try await site.accounts.createUser(name: "boss", password: Self.password, role: .admin)
            let user = try await site.accounts.createUser(name: "ada", password: Self.password, role: .viewer)
            let accounts = site.accounts
            let ends: [@Sendable (String) async throws -> Void] = [
                { try await accounts.logOut(sessionToken: $0) },
                { _ in try await accounts.changePassword(of: user.id, to: Self.password) },
                { _ in _ = try await accounts.changeRole(of: user.id, to: .publisher) },
                { _ in
                    _ = try await accounts.setDisabled(true, user: user.id)
                    _ = try await accounts.setDisabled(false, user: user.id)
                },
            ]
            for end in ends {
                let session = try await accounts.logIn(name: "ada", password: Self.password, client: "192.0.2.1")
                #expect(try await accounts.viewer(sessionToken: session.token) != nil)
                try await end(session.token)
                #expect(try await accounts.viewer(sessionToken: session.token) == nil)
            }
        }
    }

    @Test func aDisabledUserIsOutInEveryWay() async throws {
        try await TestAccounts.with { site in
            _ = try await site.accounts.createUser(name: "boss", password: Self.password, role: .admin)
            let user = try await site.accounts.createUser(name: "ada", password: Self.password, role: .publisher)
            let token = try await site.accounts.createToken(for: user.id, label: "script")
            #expect(try await site.accounts.viewer(bearer: token.token)?.user.id == user.id)
            _ = try await site.accounts.setDisabled(true, user: user.id)
            #expect(try await site.accounts.viewer(bearer: token.token) == nil)
            await #expect(throws: AccountError.wrongCredentials) {
                _ = try await site.accounts.logIn(name: "ada", password: Self.password, client: "192.0.2.1")
            }
        }
    }

    @Test func changingOnesOwnPasswordAsksTheOldOneAndRotates() async throws {
        try await TestAccounts.with { site in
            _ = try await site.accounts.createUser(name: "ada", password: Self.password, role: .viewer)
            let old = try await site.accounts.logIn(name: "ada", password: Self.password, client: "192.0.2.1")
            let viewer = try #require(try await site.accounts.viewer(sessionToken: old.token))
            await #expect(throws: AccountError.wrongCredentials) {
                _ = try await site.accounts.changeOwnPassword(
                    viewer, current: "wrong horse", new: "battery staple", client: "192.0.2.1")
            }
            let new = try await site.accounts.changeOwnPassword(
                viewer, current: Self.password, new: "battery staple", client: "192.0.2.1")
            #expect(try await site.accounts.viewer(sessionToken: old.token) == nil)
            #expect(try await site.accounts.viewer(sessionToken: new.token) != nil)
            _ = try await site.accounts.logIn(name: "ada", password: "battery staple", client: "192.0.2.1")
        }
    }

    @Test func theLastAdminStays() async throws {
        try await TestAccounts.with { site in
            let boss = try await site.accounts.createUser(name: "boss", password: Self.password, role: .admin)
            await #expect(throws: AccountError.lastAdmin) {
                _ = try await site.accounts.changeRole(of: boss.id, to: .viewer)
            }
            await #expect(throws: AccountError.lastAdmin) {
                _ = try await site.accounts.setDisabled(true, user: boss.id)
            }
            _ = try await site.accounts.createUser(name: "second", password: Self.password, role: .admin)
            #expect(try await site.accounts.changeRole(of: boss.id, to: .viewer).role == .viewer)
        }
    }

    /// HAZARDS S03: judged by the database's clock.
    @Test func sessionsIdleOutByRole() {
        #expect(SessionLimits.idleSeconds(for: .admin) == 1800)
        #expect(SessionLimits.idleSeconds(for: .publisher) == 14 * 86_400)
        #expect(SessionLimits.absoluteSeconds == 30 * 86_400)
    }

    @Test func idleSessionsEndByTheDatabasesClock() async throws {
        try await TestAccounts.with { site in
            for (name, role, kept, ended) in [
                ("boss", Role.admin, "29 minutes", "31 minutes"), ("ada", Role.viewer, "13 days", "15 days"),
            ] {
                _ = try await site.accounts.createUser(name: name, password: Self.password, role: role)
                let session = try await site.accounts.logIn(name: name, password: Self.password, client: "192.0.2.1")
                try await site.database.execute("UPDATE sessions SET used_at = now() - \(kept)::text::interval")
                #expect(try await site.accounts.viewer(sessionToken: session.token) != nil)
                try await site.database.execute("UPDATE sessions SET used_at = now() - \(ended)::text::interval")
                #expect(try await site.accounts.viewer(sessionToken: session.token) == nil)
            }
        }
    }

    @Test func noSessionOutlivesThirtyDays() async throws {
        try await TestAccounts.with { site in
            _ = try await site.accounts.createUser(name: "ada", password: Self.password, role: .viewer)
            let session = try await site.accounts.logIn(name: "ada", password: Self.password, client: "192.0.2.1")
            try await site.database.execute("UPDATE sessions SET ends_at = ends_at - interval '29 days 23 hours'")
            #expect(try await site.accounts.viewer(sessionToken: session.token) != nil)
            try await site.database.execute("UPDATE sessions SET ends_at = ends_at - interval '1 hour'")
            #expect(try await site.accounts.viewer(sessionToken: session.token) == nil)
        }
    }

    /// HAZARDS S01: the database holds only hashes.
    @Test func noSecretIsStored() async throws {
        try await TestAccounts.with { site in
            _ = try await site.accounts.createUser(name: "ada", password: Self.password, role: .viewer)
            let session = try await site.accounts.logIn(name: "ada", password: Self.password, client: "192.0.2.1")
            let token = try await site.accounts.logInForToken(name: "ada", password: Self.password, client: "192.0.2.1")
            let row = try #require(
                try await site.database.first(
                    """
                    SELECT (SELECT string_agg(to_jsonb(s)::text, ' ') FROM sessions s) || ' '
                        || (SELECT string_agg(to_jsonb(a)::text, ' ') FROM api_tokens a) || ' '
                        || (SELECT string_agg(to_jsonb(u)::text, ' ') FROM users u)
                    """))
            let stored = try row.column(0, as: String.self)
            for secret in [session.token, String(token.token.dropFirst(3)), Self.password] {
                #expect(!stored.contains(secret))
            }
            #expect(stored.contains("$scrypt$"))
        }
    }

    // MARK: - Tokens

    @Test func bearerTokensNeedNoCSRFAndCanBeRevoked() async throws {
        try await TestAccounts.with { site in
            let user = try await site.accounts.createUser(name: "ada", password: Self.password, role: .publisher)
            let token = try await site.accounts.logInForToken(name: "ada", password: Self.password, client: "192.0.2.1")
            #expect(token.token.hasPrefix("rs_"))
            let viewer = try #require(try await site.accounts.viewer(bearer: token.token))
            #expect(site.accounts.checkCSRF(viewer, token: nil))
            #expect(try await site.accounts.viewer(sessionToken: String(token.token.dropFirst(3))) == nil)
            let listed = try await site.accounts.tokens(of: user.id)
            try await site.accounts.revokeToken(try #require(listed.first).id, of: user.id)
            #expect(try await site.accounts.viewer(bearer: token.token) == nil)
            let named = try await site.accounts.createToken(forUserNamed: "ADA", label: "cli\u{7}\n")
            #expect(try await site.accounts.viewer(bearer: named.token) != nil)
            #expect(try await site.accounts.tokens(of: user.id).first?.label == "cli")
        }
    }

    // MARK: - Users and set-up

    /// HAZARDS S22.
    @Test(arguments: [("ren\u{E9}", "rene\u{301}"), ("admin", "\u{430}dmin"), ("ada", "ADA")])
    func namesThatLookAlikeAreTaken(first: String, second: String) async throws {
        try await TestAccounts.with { site in
            _ = try await site.accounts.createUser(name: first, password: Self.password, role: .viewer)
            await #expect(throws: AccountError.nameTaken) {
                _ = try await site.accounts.createUser(name: second, password: Self.password, role: .viewer)
            }
            _ = try await site.accounts.logIn(name: first, password: Self.password, client: "192.0.2.1")
        }
    }

    @Test func badNamesAndPasswordsAreRefusedWithASentence() async throws {
        try await TestAccounts.with { site in
            for name in ["", "a b", "a\0b", "<script>", String(repeating: "x", count: 41)] {
                let error = await #expect(throws: AccountError.self) {
                    _ = try await site.accounts.createUser(name: name, password: Self.password, role: .viewer)
                }
                #expect(error?.code == "bad_name")
            }
            let error = await #expect(throws: AccountError.self) {
                _ = try await site.accounts.createUser(name: "ada", password: "short", role: .viewer)
            }
            #expect(error?.code == "weak_password")
            let users = try await site.accounts.users()
            #expect(users.isEmpty)
        }
    }

    /// HAZARDS S21.
    @Test func theSetUpTokenWorksOnceAndOnlyWithoutUsers() async throws {
        try await TestAccounts.with { site in
            #expect(try await site.accounts.needsSetUp())
            let stale = try #require(try await site.accounts.makeSetupToken())
            let token = try #require(try await site.accounts.makeSetupToken())
            for wrong in ["", stale, String(repeating: "A", count: 43)] {
                #expect(try await !site.accounts.isSetupTokenValid(wrong))
                await #expect(throws: AccountError.setupClosed) {
                    _ = try await site.accounts.setUp(
                        token: wrong, name: "boss", password: Self.password, client: "192.0.2.1")
                }
            }
            #expect(try await site.accounts.isSetupTokenValid(token))
            let session = try await site.accounts.setUp(
                token: token, name: "boss", password: Self.password, client: "192.0.2.1")
            #expect(session.user.role == .admin)
            #expect(try await site.accounts.viewer(sessionToken: session.token) != nil)
            await #expect(throws: AccountError.setupClosed) {
                _ = try await site.accounts.setUp(
                    token: token, name: "second", password: Self.password, client: "192.0.2.1")
            }
            #expect(try await site.accounts.makeSetupToken() == nil)
            #expect(try await !site.accounts.needsSetUp())
        }
    }

    @Test func parallelSetUpsMakeOneAdmin() async throws {
        try await TestAccounts.with { site in
            let token = try #require(try await site.accounts.makeSetupToken())
            let made = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        (try? await site.accounts.setUp(
                            token: token, name: "boss\(number)", password: Self.password, client: "192.0.2.1")) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(made == 1)
            #expect(try await site.accounts.users().count == 1)
        }
    }

    @Test func thePasswordFromTheEnvironmentMakesTheFirstAdminOnly() async throws {
        try await TestAccounts.with { site in
            await #expect(throws: AccountError.self) { _ = try await site.accounts.ensureAdmin(password: "short") }
            #expect(try await site.accounts.ensureAdmin(password: Self.password))
            #expect(try await !site.accounts.ensureAdmin(password: "another password"))
            let session = try await site.accounts.logIn(name: "admin", password: Self.password, client: "192.0.2.1")
            #expect(session.user.role == .admin)
        }
    }
}
