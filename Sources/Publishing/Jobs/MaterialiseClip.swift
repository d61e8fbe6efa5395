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
        guard let id = ClipID(job.payload), let maker = try await clips.maker(of: id),
            let clip = try await clips.clip(id: id)
        else { return }
        do {
            try await make(clip, for: maker)
        } catch let error as PublishingError
            where error.isFinal || (job.attempt >= JobRepository.maximumAttempts && !Task.isCancelled)
        {
            try await clips.failMaking(id, reason: error.message)
        }
    }

    private func make(_ clip: Clip, for maker: UserID) async throws {
        guard let film = try await publisher.store.videos.video(id: clip.videoID), film.state == .published else {
            throw FilmWatch.gone
        }
        let (publisher, made) = (publisher, clip.id)
        let video = try await watch.whilePublished(film.id) {
            let (file, ending) = try await cut(clip, of: film)
            let received = try await takeIn(file, name: Self.fileName(clip.times, of: film.media, ending))
            return try await publisher.publish(
                received, as: Self.words(clip, film, maker), idempotencyKey: clip.idempotencyKey)
        }
        try await clips.setMade(made, video.id)
    }

    /// Cut into the first format that takes it: whether one does is known for certain only when it is written.
    private func cut(_ clip: Clip, of film: Video) async throws -> (CutFile, ending: String) {
        var refusal = PublishingError(.cannotClip)
        for format in publisher.clips.formats(of: film.media, .fast) {
            do {
                return try await cut(clip, of: film, into: format)
            } catch let error as PublishingError where error.kind == .cannotClip {
                refusal = error
            }
        }
        throw refusal
    }

    private func cut(
        _ clip: Clip, of film: Video, into format: ClipFormat
    ) async throws -> (CutFile, ending: String) {
        let order = ClipOrder(times: clip.times, format: format, mode: .fast)
        let cut = try await publisher.clips.filmCut(film.media, order)
        // Once as the cut and once as the spool that becomes the cache file.
        try await ingest.cache.requireSpace(cut.likelyBytes + cut.mostBytes)
        let file = try await cutter.whole(cut, mostBytes: cut.mostBytes)
        return (file, format.ending)
    }

    private func takeIn(_ file: CutFile, name: String) async throws -> ReceivedMedia {
        let limit = try await publisher.store.settings.load().uploadLimit
        let session = try await ingest.begin(fileName: name, declaredSize: file.size, limit: limit)
        do {
            for offset in stride(from: 0, to: file.size, by: Self.readLength) {
                let count = Int(min(Int64(Self.readLength), file.size - offset))
                let bytes = try await BlockingWork.run { () throws(FileError) in
                    try file.read(at: offset, count: count)
                }
                try Task.checkCancellation()
                try await session.write(bytes)
            }
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

    /// The film's name with the clip's times: `film 1.02-1.40.mp4`.
    private static func fileName(_ times: ClipTimes, of film: MediaSummary, _ ending: String) -> String {
        let stem = Title(fileName: film.fileName).rawValue
        let span = [times.start, times.end].map { ClipTime.text($0, separator: ".") }
        return "\(stem.prefix(120)) \(span.joined(separator: "-")).\(ending)"
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
