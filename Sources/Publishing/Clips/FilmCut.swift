import Catalog
import ClipIndex
import Media

/// One cut, ready to be made.
struct FilmCut: Sendable {
    /// How the bytes get to whoever asked.
    enum Way: Sendable, Hashable {
        /// The file is handed over when it is whole.
        case whole
        /// The file is read while it grows, by as many as ask.
        case growing
        /// The bytes are handed over to one reader as they come, and kept nowhere.
        case passing
    }

    let key: CutKey
    let media: ContentReference
    let way: Way
    let estimate: CutEstimate
    /// Which bytes of the film it needs; nil while there is no index.
    var reading: PlannedReading?

    var start: Double { key.interval.startSeconds }
    var end: Double { key.interval.endSeconds }
}

/// Which bytes of a film a cut needs, by the film's index.
struct PlannedReading: Sendable {
    let plan: ClipPlan
    let access: FilmAccess
    let guide: CutGuide

    init(_ index: FilmIndex, _ plan: ClipPlan) {
        self.plan = plan
        access = index.access
        guide = CutGuide(index, plan)
    }
}

/// Someone who waits for a cut or is sent one.
struct CutAsker: Sendable, Hashable {
    let number: UInt64
    let video: VideoID
}
