import CLibAV
import Media

/// Why a clip is not encoded.
enum ExactFailure: Error {
    /// For a reason that whoever asked is told.
    case report(CutReport)
    /// Because the film cannot be read.
    case media(MediaError)

    static let memory = ExactFailure.report(.tooLarge)

    /// What libav's refusal means: without memory the pictures are too large, all else is a fault of the work.
    ///
    /// Encoders from outside libav say in many ways that they have none.
    static func refusal(_ status: CInt, _ place: String) -> ExactFailure {
        [libav_out_of_memory, libav_external_error].contains(status)
            ? memory : .media(MediaError(.workerFailed, detail: "\(place): libav \(status)"))
    }
}
