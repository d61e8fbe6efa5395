import ClipIndex
import Publishing

/// Words about clips for people.
enum ClipWords {
    /// `38 seconds`, `0.4 seconds`, `3 minutes 7 seconds`.
    static func length(_ seconds: Double) -> String {
        guard seconds < 9.95 else { return TimeWords.words(seconds) ?? "" }
        let words = ByteWords.oneDecimal(max(0, seconds))
        return "\(words) second\(words == "1" ? "" : "s")"
    }

    /// The same where there is little room: `38 s`, `0.4 s`, `3:07`, `1:00:00`.
    static func briefLength(_ seconds: Double) -> String {
        guard seconds < 59.95 else { return ClipTime.text(seconds.rounded()) }
        return "\(ByteWords.oneDecimal(max(0, seconds))) s"
    }

    /// Why it is not said what a clip costs.
    static func uncosted(_ error: PublishingError) -> String {
        guard error.kind == .noClipIndex else { return error.message }
        return error.retryAfter == nil
            ? "What this clip costs cannot be told of this film."
            : "This film was just published and is still being read. What the clip costs can be told in a moment."
    }

    /// What becomes of a film's clips when it is deleted.
    static func goWithTheFilm(_ count: Int) -> String {
        let words =
            count == 1 ? "Its saved clip goes with it" : "Its \(ByteWords.grouped(count)) saved clips go with it"
        return words + "; films that were made of clips stay."
    }

    /// How far a film of its own has come, with the share in percent where there is one.
    static func making(_ step: MakingStep?) -> (words: String, percent: Int?) {
        switch step {
        case nil: ("It will be linked here when it is ready.", nil)
        case .cutting(let share): ("The clip is being cut.", share.map(percent))
        case .takingIn(let share): ("The film is being stored and hashed.", percent(share))
        }
    }

    private static func percent(_ share: Double) -> Int { Int(max(0, min(1, share)) * 100) }
}
