import Media

/// Tells the client how much is done, each hundredth once.
struct ProgressNotice {
    private var told: Int64 = -1
    private static let steps: Int64 = 100

    /// Tells that `done` of `total` is done, in any unit, if that is news.
    mutating func tell(_ done: Int64?, of total: Int64) {
        guard let done, total > 0 else { return }
        let step = min(Self.steps, max(0, done) / max(1, total / Self.steps))
        guard step > told else { return }
        told = step
        MediaWorker.tell(.progress(permille: UInt16(step * 10)))
    }
}
