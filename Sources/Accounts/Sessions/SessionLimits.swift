public import Catalog

/// How long sessions last, by the database's clock.
public enum SessionLimits {
    /// Seconds without a request after which a session ends: 30 minutes for admins, 14 days for others.
    public static func idleSeconds(for role: Role) -> Int { role == .admin ? 30 * 60 : 14 * 86_400 }

    /// Seconds after which a session ends whatever happens: 30 days.
    public static let absoluteSeconds = 30 * 86_400

    /// Seconds for which a one-time set-up token holds: a day; a restart makes a new one.
    public static let setupSeconds = 86_400
}
