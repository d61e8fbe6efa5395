/// Failed logins of one key within a window.
public struct LoginFailures: Equatable, Sendable {
    /// How many.
    public let count: Int
    /// Seconds until the oldest of them leaves the window; 0 without failures.
    public let secondsUntilOldestLeaves: Int
}
