import ClipIndex
import Logging
import Media

extension Ingest {
    /// Asks the worker what a file is, and for the clip index where the container's tables give it at once.
    func examine(path: String) async throws(PublishingError) -> (MediaFacts, FilmIndex?) {
        let facts: MediaFacts
        do {
            facts = try await probe(path)
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

    /// A worker that was killed from outside says nothing of the file: another one is asked.
    private func probe(_ path: String) async throws(MediaError) -> MediaFacts {
        do {
            return try await worker.probe(file: path)
        } catch {
            guard error.kind == .workerFailed else { throw error }
            return try await worker.probe(file: path)
        }
    }
}
