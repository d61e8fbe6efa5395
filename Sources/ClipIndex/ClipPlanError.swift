/// Why a film has no such clip.
public enum ClipPlanError: Error, Equatable, Sendable {
    /// The index knows of no packets, or of none in the interval.
    case empty
    /// The interval begins after the film's end; `duration` in microseconds.
    case beyondEnd(duration: Int64)
}

extension ClipPlanError: CustomStringConvertible {
    /// What is wrong, as a sentence for people.
    public var description: String {
        switch self {
        case .empty: "The film has nothing there."
        case .beyondEnd(let duration): "The film is only \(ClipTime.text(Double(duration) / 1e6)) long."
        }
    }
}
