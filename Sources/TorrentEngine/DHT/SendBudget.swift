/// How many bytes may be sent: one bucket for everything, of which a quarter is kept for our own questions, so that a
/// flood of strangers' questions cannot silence us.
struct SendBudget {
    /// An announce with the longest token, in bytes.
    private static let longestQuestion = 400.0
    private let rate: Double
    private var level: Double
    private var filledAt: ContinuousClock.Instant

    /// - Parameter rate: Bytes a second, and at once.
    init(rate: Int, now: ContinuousClock.Instant) {
        self.rate = Double(max(1, rate))
        level = self.rate
        filledAt = now
    }

    /// Takes the bytes of an answer, when enough are left beside the reserve.
    mutating func takeAnswer(_ byteCount: Int, now: ContinuousClock.Instant) -> Bool {
        level = filled(now)
        filledAt = now
        guard level - Double(byteCount) >= rate / 4 else { return false }
        level -= Double(byteCount)
        return true
    }

    /// Whether the longest question of our own may be sent.
    func hasRoomForQuestion(now: ContinuousClock.Instant) -> Bool {
        filled(now) >= Self.longestQuestion
    }

    /// Takes the bytes of a question of our own.
    mutating func takeQuestion(_ byteCount: Int, now: ContinuousClock.Instant) {
        level = filled(now) - Double(byteCount)
        filledAt = now
    }

    private func filled(_ now: ContinuousClock.Instant) -> Double {
        min(rate, level + (now - filledAt) / .seconds(1) * rate)
    }
}
