import Dispatch

/// Why a password could not be hashed or checked.
public enum ScryptError: Error, Equatable {
    /// As many runs as allowed are on their way and the queue is full: answer 503 and try later.
    case busy
    /// The password is longer than `ScryptGate.longestPassword` bytes.
    case passwordTooLong
    /// The machine has no memory for a run.
    case outOfMemory
}

/// What comparing a password with a stored hash found.
public enum PasswordCheck: Equatable, Sendable {
    /// The password is right.
    case matches
    /// The password is right, and its hash was made with other parameters than are used now: hash it again.
    case matchesButRehash
    /// The password is wrong, or there is no such user.
    case wrong
}

/// Lets few scrypt runs happen at once, since each takes 32 MiB and a core: a burst of logins waits in a short queue,
/// and what does not fit there is refused with `.busy`.
///
/// Runs happen on threads of the gate's own, never on the threads of Swift's tasks.
public actor ScryptGate {
    /// The longest password in bytes.
    public static let longestPassword = 1024

    private let queue = DispatchQueue(label: "scrypt", attributes: .concurrent)
    private let waitingLimit: Int
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// A gate for `concurrent` runs at once and `waiting` callers behind them.
    public init(concurrent: Int = 2, waiting: Int = 16) {
        free = max(1, concurrent)
        waitingLimit = max(0, waiting)
    }

    /// Hashes a password with a fresh salt: `$scrypt$ln=15,r=8,p=3$SALT$KEY`.
    public func hash(_ password: [UInt8]) async throws(ScryptError) -> String {
        guard password.count <= Self.longestPassword else { throw .passwordTooLong }
        let salt = SecureRandom.bytes(16)
        let key = try await run(password, salt: salt, parameters: .current)
        return PasswordHash(parameters: .current, salt: salt, key: key).text
    }

    /// Compares a password with a stored hash.
    ///
    /// Without a hash (no such user, or one that cannot be read) a run of the same cost is made and the answer is
    /// `.wrong`, so that the time does not tell which users exist.
    public func verify(_ password: [UInt8], against stored: String?) async throws(ScryptError) -> PasswordCheck {
        guard password.count <= Self.longestPassword else { throw .passwordTooLong }
        guard let hash = stored.flatMap({ PasswordHash($0) }) else {
            _ = try await run(password, salt: [UInt8](repeating: 0, count: 16), parameters: .current)
            return .wrong
        }
        let key = try await run(password, salt: hash.salt, parameters: hash.parameters)
        guard constantTimeEqual(key, hash.key) else { return .wrong }
        return hash.parameters == .current ? .matches : .matchesButRehash
    }

    private func run(
        _ password: [UInt8], salt: [UInt8], parameters: ScryptParameters
    ) async throws(ScryptError) -> [UInt8] {
        try await enter()
        let key = await withCheckedContinuation { done in
            queue.async { done.resume(returning: Scrypt.key(password, salt: salt, parameters: parameters)) }
        }
        leave()
        guard let key else { throw .outOfMemory }
        return key
    }

    private func enter() async throws(ScryptError) {
        if free > 0 {
            free -= 1
            return
        }
        guard waiting.count < waitingLimit else { throw .busy }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Hands the place to the next in line, which therefore needs no second look at `free`.
    private func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
