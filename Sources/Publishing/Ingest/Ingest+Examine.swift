import ClipIndex
import Logging
import Media

extension Ingest {
    /// Asks the worker what a file is, and for the clip index where the container's tables give it at once.
    func examine(path: String) async throws(PublishingError) -> (MediaFacts, FilmIndex?) {
        let facts: MediaFacts
        do {
            facts = try await worker.probe(file: path)
        } catch {
            throw PublishingError(error)
        }
        guard facts.isVideo || facts.isAudio else { throw PublishingError(.notAVideo) }
        do {
            return (facts, try await worker.quickIndex(file: path))
        } catch {
            logger.info("no quick clip index", metadata: ["reason": "\(error.kind.rawValue)"])
            return (facts, nil)
        }
    }
}
