import Catalog
import Cryptography
import Store

extension AccountService {
    /// Who a session cookie stands for; nil when the session has ended or never was. Notes the use, which is what keeps
    /// the session from idling out. Throws `unavailable`.
    public func viewer(sessionToken: String) async throws(AccountError) -> Viewer? {
        guard let token = SecretToken(presented: sessionToken) else { return nil }
        let session = try await storing { () throws(StoreError) in
            try await store.sessions.find(tokenHash: token.hash)
        }
        return session.map { Viewer(user: $0.user, csrf: $0.csrf, proof: .session($0.id)) }
    }

    /// Who a bearer token stands for; nil when it is unknown, has expired, or its user is disabled. Throws
    /// `unavailable`.
    public func viewer(bearer: String) async throws(AccountError) -> Viewer? {
        guard let token = SecretToken(bearer: bearer) else { return nil }
        let user = try await storing { () throws(StoreError) in try await store.tokens.find(hash: token.hash) }
        return user.map { Viewer(user: $0, csrf: "", proof: .bearer) }
    }

    /// Whether a form's CSRF token is the session's, compared in constant time. A request with a bearer token needs
    /// none: another site's page cannot send it.
    public func checkCSRF(_ viewer: Viewer, token: String?) -> Bool {
        if viewer.proof == .bearer { return true }
        guard let token, !viewer.csrf.isEmpty else { return false }
        return constantTimeEqual([UInt8](token.utf8), [UInt8](viewer.csrf.utf8))
    }
}
