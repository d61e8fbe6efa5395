import ClipIndex

/// `--start` and `--end` of `cut`, `get` and `clip-map`.
enum ClipSpan {
    /// The interval between two texts. Throws a wrong usage for what is no time or no interval.
    static func interval(start: String, end: String) throws -> ClipInterval {
        let times = try [("--start", start), ("--end", end)].map { name, text in
            guard let time = ClipTime.parse(text) else {
                throw CommandFailure.usage("\(name) \(text) is no time such as 62.5 or 1:02:03.")
            }
            return time
        }
        guard let interval = ClipInterval(start: times[0], end: times[1]) else {
            throw CommandFailure.usage("--end must lie after --start.")
        }
        return interval
    }
}
