/// Parts of a whole for people.
enum PercentWords {
    /// `40 %`, rounded down so that only a whole is 100 %; nil for what is unknown.
    static func of(_ part: Double?) -> String? {
        guard let part, !part.isNaN else { return nil }
        return "\(Int((min(max(part, 0), 1) * 100).rounded(.down))) %"
    }
}
