import Catalog
import ClipIndex
import Foundation
import Logging
import Media
import Metainfo
import Store

/// Makes a film of its own out of a clip: cut by the worker, then taken in and published as an upload is.
struct MaterialiseClip: JobHandler {
    /// How much is read at one time, in bytes.
    private static let readLength = 1 << 20

    let publisher: Publisher
    let ingest: Ingest
    let cutter: FilmCutter
    let watch: FilmWatch

    /// A handler with a way in of its own.
    init(_ publisher: Publisher, _ worker: MediaWorkerClient, _ logger: Logger) {
        self.publisher = publisher
        ingest = Ingest(store: publisher.store, cache: publisher.cache, worker: worker, logger: logger)
        cutter = FilmCutter(cache: publisher.cache, worker: worker)
        watch = FilmWatch(store: publisher.store, seconds: publisher.clips.limits.watchSeconds)
    }

    private var clips: ClipRepository { publisher.store.clips }

    func perform(_ job: Job) async throws {
        guard let making = ClipToMake(payload: job.payload), let maker = try await clips.maker(of: making.clip),
            let clip = try await clips.clip(id: making.clip)
        else { return }
        do {
            try await make(clip, making.isExact ? .exact : .fast, for: maker)
        } catch {
            let cause = PublishingError(cause: error)
            let isLast = job.attempt >= JobRepository.maximumAttempts && !Task.isCancelled
            guard cause.isFinal || isLast else { throw cause }
            try await clips.failMaking(clip.id, reason: cause.message)
        }
    }

    private func make(_ clip: Clip, _ mode: ClipMode, for maker: UserID) async throws {
        guard let film = try await publisher.store.videos.video(id: clip.videoID), film.state == .published else {
            throw FilmWatch.gone
        }
        let publisher = publisher
        try await publisher.filmsInMaking.noting(clip.id) { note in
            let video = try await watch.whilePublished(film.id) {
                let (file, ending) = try await cut(clip, mode, of: film, note)
                let name = ClipName.of(
                    film.media.fileName, start: clip.times.start, end: clip.times.end, ending: ending)
                let received = try await takeIn(file, name: name, note)
                return try await publisher.publish(
                    received, as: Self.words(clip, film, maker), idempotencyKey: clip.idempotencyKey)
            }
            try await clips.setMade(clip.id, video.id)
        }
    }

    /// Cut into the first format that takes it: whether one does is known for certain only when it is written.
    private func cut(
        _ clip: Clip, _ mode: ClipMode, of film: Video, _ note: @escaping @Sendable (MakingStep) -> Void
    ) async throws -> (CutFile, ending: String) {
        var refusal = PublishingError(.cannotClip)
        for format in publisher.clips.formats(of: film.media, mode) {
            do {
                return try await cut(film, ClipOrder(times: clip.times, format: format, mode: mode), note)
            } catch let error as PublishingError where error.kind == .cannotClip {
                refusal = error
            }
        }
        throw refusal
    }

    private func cut(
        _ film: Video, _ order: ClipOrder, _ note: @escaping @Sendable (MakingStep) -> Void
    ) async throws -> (CutFile, ending: String) {
        let cut = try await publisher.clips.filmCut(film.media, order)
        // Once as the cut and once as the spool that becomes the cache file.
        try await ingest.cache.requireSpace(cut.estimate.likely + cut.estimate.most)
        let file = try await cutter.whole(cut, mostBytes: cut.estimate.most) { note(.cutting($0)) }
        return (file, order.format.ending)
    }

    private func takeIn(
        _ file: CutFile, name: String, _ note: (MakingStep) -> Void
    ) async throws -> ReceivedMedia {
        let limit = try await publisher.store.settings.load().uploadLimit
        let session = try await ingest.begin(fileName: name, declaredSize: file.size, limit: limit)
        do {
            for offset in stride(from: 0, to: file.size, by: Self.readLength) {
                note(.takingIn(Double(offset) / Double(file.size)))
                let count = Int(min(Int64(Self.readLength), file.size - offset))
                let bytes = try await BlockingWork.run { () throws(FileError) in
                    try file.read(at: offset, count: count)
                }
                try Task.checkCancellation()
                try await session.write(bytes)
            }
            note(.takingIn(1))
            return try await session.finish()
        } catch {
            await session.abandon()
            throw error
        }
    }

    private static func words(_ clip: Clip, _ film: Video, _ maker: UserID) throws(PublishingError) -> NewVideo {
        let (start, end) = (ClipTime.text(clip.times.start), ClipTime.text(clip.times.end))
        let source = "From “\(film.title)”, \(start) to \(end)."
        let full = try? Description(clip.description.isEmpty ? source : clip.description + "\n\n" + source)
        do throws(CatalogError) {
            let description: Description
            if let full { description = full } else { description = try Description(clip.description) }
            return NewVideo(
                title: try Title(clip.title), description: description, tags: try Tag.list(film.tags), ownerID: maker)
        } catch {
            throw PublishingError(.invalid, error.sentence)
        }
    }
}

extension PublishingError {
    /// Whether trying again would end the same way.
    fileprivate var isFinal: Bool {
        switch kind {
        case .unavailable, .unknownOutcome, .busy, .conflict, .internalFault: false
        default: true
        }
    }
}
