/// One of the two steps in which history grows coarser: rows of one span become one row per longer span once they are
/// old enough.
struct HistoryThinning: Sendable {
    /// Rows as they are recorded, one per 5 minutes, become one per hour after two days.
    static let toHours = HistoryThinning(from: 300, to: 3600, after: 2 * 86_400)
    /// Those become one per day after 60 days; days are kept for ever.
    static let toDays = HistoryThinning(from: 3600, to: 86_400, after: 60 * 86_400)

    /// The span of the rows that are thinned, in seconds.
    let from: Int
    /// The span of what they become, in seconds.
    let to: Int
    /// The age at which that happens, in seconds.
    let after: Int64

    /// The finest span of all rows up to some age, in seconds.
    static func span(keptAt age: Int64) -> Int {
        if age <= toHours.after { return toHours.from }
        return age <= toDays.after ? toDays.from : toDays.to
    }
}
