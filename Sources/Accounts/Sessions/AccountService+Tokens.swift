public import Catalog
import Store

extension AccountService {
    /// Makes a bearer token that holds until it is revoked or its user is disabled. The label is what its owner knows
    /// it by, at most 100 characters. Throws `unavailable`, `notFound`.
    public func createToken(for user: UserID, label: String) async throws(AccountError) -> NewAPIToken {
        let stored = try await storing { () throws(StoreError) in try await store.users.find(id: user) }
        guard let stored else { throw .notFound }
        return try await makeToken(for: stored.user, label: label, lifetimeSeconds: nil)
    }

    /// The same, for the user of a name (the `token create` command).
    public func createToken(forUserNamed name: String, label: String) async throws(AccountError) -> NewAPIToken {
        try await makeToken(for: user(named: name), label: label, lifetimeSeconds: nil)
    }

    /// A user's tokens, newest first, without their secrets.
    public func tokens(of user: UserID) async throws(AccountError) -> [(
        id: TokenID, label: String, createdAt: Timestamp
    )] {
        try await storing { () throws(StoreError) in try await store.tokens.list(of: user) }
            .map { ($0.id, $0.label, $0.createdAt) }
    }

    /// Ends a user's token at once. Throws `notFound`.
    public func revokeToken(_ id: TokenID, of user: UserID) async throws(AccountError) {
        try await storing { () throws(StoreError) in try await store.tokens.delete(id, of: user) }
    }

    func makeToken(
        for user: User, label: String, lifetimeSeconds: Int?
    ) async throws(AccountError) -> NewAPIToken {
        let secret = SecretToken()
        let text = String(
            label.unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(100).map(Character.init))
        _ = try await storing { () throws(StoreError) in
            try await store.tokens.create(
                hash: secret.hash, user: user.id, label: text, lifetimeSeconds: lifetimeSeconds)
        }
        return NewAPIToken(token: SecretToken.bearerPrefix + secret.text, user: user)
    }
}
