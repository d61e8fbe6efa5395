import Catalog
import ClipIndex

/// Which times are a part of a film, and the sentences for those that are not.
enum ClipRules {
    /// Seconds that an end may lie behind the film's.
    static let lenience = 1.0

    /// The interval that times name in a film of `duration` seconds (nil: not known). Throws `badRange`.
    static func interval(_ times: ClipTimes, of duration: Double?) throws(PublishingError) -> ClipInterval {
        guard let interval = ClipInterval(start: times.start, end: times.end) else {
            throw PublishingError(.badRange, fault(times) + length(duration))
        }
        guard let duration, duration > 0 else { return interval }
        guard times.start < duration, times.end <= duration + lenience else {
            throw PublishingError(.badRange, "The clip goes beyond the film." + length(duration))
        }
        return interval
    }

    private static func fault(_ times: ClipTimes) -> String {
        guard times.start >= 0, times.start < 1e9, times.end >= 0, times.end < 1e9 else {
            return "A clip lies between the film's beginning and its end."
        }
        guard times.end <= times.start else { return "A clip is at least a thousandth of a second long." }
        let (start, end) = (ClipTime.text(times.start), ClipTime.text(times.end))
        return "The start (\(start)) has to lie before the end (\(end))."
    }

    static func tooLong(_ seconds: Double) -> String {
        "An exact clip is at most \(ClipTime.text(seconds)) long. Fast clips may be as long as the film."
    }

    /// Names the endings that fit, and says whether it would fit if it were encoded anew.
    static func cannotClip(_ fitting: [ClipFormat], soundOnly: Bool, encodes: Bool = false) -> String {
        refusal(fitting, soundOnly) + (encodes ? " Cut exactly, which encodes it anew, it fits too." : "")
    }

    private static func refusal(_ fitting: [ClipFormat], _ soundOnly: Bool) -> String {
        guard let last = fitting.last?.ending else {
            return soundOnly
                ? "This film has no sound that could be cut." : "This film cannot be cut in this way."
        }
        let others = fitting.dropLast().map(\.ending).joined(separator: ", ")
        return "This film does not fit into such a file. These fit: \(others.isEmpty ? "" : others + " and ")\(last)."
    }

    private static func length(_ duration: Double?) -> String {
        duration.map { " The film is \(ClipTime.text($0)) long." } ?? ""
    }
}
