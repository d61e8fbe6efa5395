import Catalog
import Synchronization

/// The facts of films that were shown lately: reading the prober's JSON again for each page would cost more than the
/// rest.
final class FactsCache: Sendable {
    private static let capacity = 512
    private let known = Mutex<[MediaID: FilmFacts]>([:])

    /// The facts of a content; a content's facts never change.
    func facts(of media: MediaSummary) -> FilmFacts {
        if let facts = known.withLock({ $0[media.id] }) { return facts }
        let facts = FilmFacts(media)
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
            known[media.id] = facts
        }
        return facts
    }
}
