import ClipIndex
import Glibc

/// Why a film could not be cut, with a sentence for whoever asked.
public struct CutError: Error, Equatable, Sendable {
    /// What went wrong, for programs.
    public enum Code: String, Sendable, CaseIterable {
        /// Start and end are no interval.
        case badInterval = "bad_interval"
        /// The film ends before the asked start.
        case beyondEnd = "beyond_end"
        /// A codec does not go into the container.
        case codecUnfit = "codec_unfit"
        /// The film has nothing of what was asked for, such as sound, or no times to cut at.
        case notCuttable = "not_cuttable"
        /// The output exists already.
        case occupied
        /// The output cannot be written.
        case outputFailed = "output_failed"
        /// The clip is longer than what is encoded anew.
        case tooLong = "clip_too_long"
        /// The film could not be read; `MediaError` says more.
        case source
    }

    /// What went wrong, for programs.
    public let code: Code
    /// A sentence that may be shown to anyone.
    public let message: String
    /// The error of reading the film, where that is what went wrong.
    public let cause: MediaError?

    /// An error by its parts.
    public init(_ code: Code, _ message: String, cause: MediaError? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    init(_ cause: MediaError) { self.init(.source, cause.message, cause: cause) }

    static let badInterval = CutError(
        .badInterval, "A clip has a start that is not negative and an end after it, in seconds.")

    /// The output, by the system's error number.
    static func output(_ number: CInt) -> CutError {
        let reason: String
        switch number {
        case EEXIST: return CutError(.occupied, "The file exists already.")
        case ENOSPC, EDQUOT: reason = "the disk is full"
        case EFBIG: reason = "it became larger than it may"
        case EACCES, EPERM, EROFS: reason = "that is not allowed there"
        case ENOENT, ENOTDIR: reason = "there is no such folder"
        default: reason = "error \(number)"
        }
        return CutError(.outputFailed, "The clip could not be written: \(reason).")
    }

    /// The start lies behind the film's end, in microseconds.
    static func beyondEnd(_ microseconds: Int64) -> CutError {
        CutError(.beyondEnd, ClipPlanError.beyondEnd(duration: microseconds).description)
    }

    /// Longer than `CutMode.longestExact`.
    public static let tooLong = CutError(.tooLong, "A clip that is encoded anew is at most 10 minutes long.")
    static let tooLarge = CutError(
        .notCuttable, "The pictures of this film are too large to be encoded anew; a fast cut copies them as they are.")

    static func unfit(_ streams: [CutReport.Stream], _ format: CutFormat) -> CutError {
        guard !streams.isEmpty else {
            let endings = CutFormat.exactEndings(soundOnly: format.soundOnly)
            let list = endings.dropLast().joined(separator: ", ") + " or " + (endings.last ?? "")
            return CutError(
                .codecUnfit, "Clips are not encoded anew as \(format.fileExtension); \(list) would do.")
        }
        let fitting = CutFormat.endings(for: streams.map { ($0.codec, $0.kind) })
        let list = fitting.count > 1 ? fitting.dropLast().joined(separator: ", ") + " or " + (fitting.last ?? "") : nil
        let advice = (list ?? fitting.first).map { "; \($0) would take them" } ?? ""
        let first = streams.first.map { "\($0.kind == .audio ? "Sounds" : "Pictures") of the kind \($0.codec)" }
        let subject = first ?? "These streams"
        return CutError(.codecUnfit, "\(subject) do not go into \(format.fileExtension)\(advice).")
    }
}
