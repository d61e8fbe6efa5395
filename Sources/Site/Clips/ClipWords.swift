/// Lengths of clips for people.
enum ClipWords {
    /// `38 seconds`, `0.4 seconds`, `3 minutes 7 seconds`.
    static func length(_ seconds: Double) -> String {
        guard seconds < 9.95 else { return TimeWords.words(seconds) ?? "" }
        let words = ByteWords.oneDecimal(max(0, seconds))
        return "\(words) second\(words == "1" ? "" : "s")"
    }
}
