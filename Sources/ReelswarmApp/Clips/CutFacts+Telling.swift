import Foundation
import Media

extension CutFacts {
    /// Seconds that nobody notices a clip to begin early.
    private static let unnoticed = 0.05

    /// What the clip does not have of the film, and where it begins too early, as sentences.
    var worthTelling: [String] {
        var others = self
        others.beginsAsAsked = true
        return [early].compactMap { $0 } + others.notes
    }

    private var early: String? {
        let seconds = start - actualStart
        guard !beginsAsAsked, seconds >= Self.unnoticed else { return nil }
        let isSound = CutFormat(fileName: "clip.\(fileExtension)")?.soundOnly == true
        let place = isSound ? "packet" : "key frame"
        return String(format: "It begins %.3f s before the asked start, at a \(place).", seconds)
    }
}
