import Cryptography

/// scrypt behind the gate, with this module's errors.
struct PasswordHasher: Sendable {
    let gate: ScryptGate

    /// The stored form of a new password. Throws ``AccountError/busy``.
    func hash(_ password: [UInt8]) async throws(AccountError) -> String {
        do {
            return try await gate.hash(password)
        } catch {
            throw .busy
        }
    }

    /// Whether `password` is the one of `stored`; with nil a dummy run of equal cost, so that an unknown user takes as
    /// long as a known one. Throws ``AccountError/busy``.
    func check(_ password: [UInt8], against stored: String?) async throws(AccountError) -> PasswordCheck {
        do {
            return try await gate.verify(password, against: stored)
        } catch {
            throw .busy
        }
    }
}
