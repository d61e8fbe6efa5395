import ClipIndex
import Logging
import Media
import Metainfo

extension ClipErrand {
    /// Fetches what the clip needs while it is cut; returns what is here of the film then.
    func fetch(_ id: MediaID) async throws(SpaceError) -> (ClipResult, [ByteSpan]) {
        let before = try await readiness(of: id)
        guard let torrent = space.folder.storedTorrent(id) else { throw .unknown(id) }
        let film = try ChosenFilm(clip.file, of: torrent.info)
        let path = path(for: film)
        try refuseOutput(path)
        let found = await found(film, in: torrent, id)
        let made: Made
        // A plan that cannot be made shows a film without such a time, or a wrong index: only the film itself tells.
        if let own = film.index(in: torrent), (try? plan(own)) != nil {
            made = try await cut(film, of: id, by: own, isOwn: true, found, to: path)
        } else {
            made = try await cut(film, of: id, found, to: path)
        }
        let after = try? await space.status(of: id)
        let result = ClipResult(
            id: id, film: film.path, filmBytes: film.file.length, path: path, cut: made.facts,
            bytesFetched: max(0, (after?.downloaded ?? before.downloaded) - before.downloaded),
            hadIndex: made.hadIndex)
        return (result, made.spans)
    }

    /// A clip that is written.
    private struct Made {
        let facts: CutFacts
        /// What the space keeps of the film for it.
        let spans: [ByteSpan]
        let hadIndex: Bool
    }

    /// Waits until the metadata is known and what lies on the disk has been looked at.
    private func readiness(of id: MediaID) async throws(SpaceError) -> MediaStatus {
        for await status in try await space.member.changes(of: id) {
            switch status.state {
            case .failed(let reason): throw SpaceError(.failed, reason)
            case .waiting, .validating: continue
            case .downloading, .seeding, .paused, .done: if status.hasMetadata { return status }
            }
        }
        throw Task.isCancelled ? .cancelled : .closed
    }

    /// Cuts by an index: all the pieces are known, and wanted at once.
    ///
    /// - Parameter isOwn: whether the index came with the torrent from somewhere, and may be wrong.
    private func cut(
        _ film: ChosenFilm, of id: MediaID, by index: FilmIndex, isOwn: Bool, _ found: FoundPieces?, to path: String
    ) async throws(SpaceError) -> Made {
        let plan = try plan(index)
        let planned = film.inTorrent(plan.ranges)
        let spans = await found?.missing(planned) ?? planned
        await tell(plan, spans, film, id)
        try await want(spans, isGrowing: false, of: id)
        let reader = FilmReader(film, of: id, in: space, found)
        let source = SplicedSource(plan, index.access, over: reader)
        do throws(CutError) {
            let facts = try await work(on: source, CutGuide(index, plan), to: path)
            return Made(facts: facts, spans: spans, hadIndex: isOwn)
        } catch {
            // A clip that cannot be made with an index from elsewhere may well be made without.
            let mayBeWrong = isOwn && [.source, .notCuttable, .beyondEnd].contains(error.code)
            guard mayBeWrong, await reader.failure == nil, !Task.isCancelled else {
                throw await SpaceError(error, reader)
            }
            space.logger.info("clip index of no use", metadata: ["id": "\(id)", "film": "\(film.path)"])
        }
        return try await cut(film, of: id, found, to: path)
    }

    /// Cuts without an index: by the film's own tables, or by reading in it here and there.
    private func cut(
        _ film: ChosenFilm, of id: MediaID, _ found: FoundPieces?, to path: String
    ) async throws(SpaceError) -> Made {
        try await want([], isGrowing: true, of: id)
        let reader = FilmReader(film, of: id, in: space, found) { spans throws(SpaceError) in
            try await want(spans, isGrowing: true, of: id)
        }
        let index: FilmIndex?
        do throws(MediaError) {
            index = try await worker.quickIndex(reader)
        } catch {
            throw await SpaceError(error, reader)
        }
        if let index, index.fits(fileLength: film.size) {
            return try await cut(film, of: id, by: index, isOwn: false, found, to: path)
        }
        do throws(CutError) {
            let facts = try await work(on: reader, nil, to: path)
            return Made(facts: facts, spans: await reader.spansHere, hadIndex: false)
        } catch {
            throw await SpaceError(error, reader)
        }
    }

    private func work(
        on source: some MediaByteSource, _ guide: CutGuide?, to path: String
    ) async throws(CutError) -> CutFacts {
        try await worker.cut(
            source, CutRequest(start: clip.start, end: clip.end, mode: clip.mode, guide: guide), to: path,
            progress: onEncoding)
    }

    /// A swarm may have nobody in it for days; who cannot wait that long cancels.
    private var worker: MediaWorkerClient {
        var limits = MediaWorkerLimits.standard
        limits.sourceWallSeconds = 7 * 86_400
        return space.worker(limits)
    }

    /// - Parameter spans: what is not found elsewhere.
    private func tell(_ plan: ClipPlan, _ spans: [ByteSpan], _ film: ChosenFilm, _ id: MediaID) async {
        guard let onEstimate, let grid = film.grid else { return }
        let pieces = plan.pieces(grid)
        let missing = await missing(spans, id) ?? Int64(clamping: pieces.byteCount)
        onEstimate(ClipEstimate(plan: plan, pieces: pieces, missingBytes: missing, filmBytes: film.file.length))
    }

    /// What lies of a film in the directory besides what the space keeps; nil where it keeps all of the film.
    private func found(_ film: ChosenFilm, in torrent: Torrent, _ id: MediaID) async -> FoundPieces? {
        guard await missing([ByteSpan(film.bytes)], id) != 0 else { return nil }
        let known = SpaceEntry.load(id, in: space.folder).map {
            ContentPlace(info: film.info, folder: $0.folder).path(of: film)
        }
        return FoundPieces(of: film, in: torrent, below: space.directory, besides: known)
    }

    /// The bytes of the pieces that hold any of these and that the space does not keep; nil where that is not known.
    private func missing(_ spans: [ByteSpan], _ id: MediaID) async -> Int64? {
        guard case .bytes(let bytes) = try? await space.member.perform(.missing(id, spans)) else { return nil }
        return bytes
    }
}

extension SpaceError {
    /// What a cut over the swarm failed of: often of what the swarm said.
    fileprivate init(_ error: CutError, _ reader: FilmReader) async {
        if error.code == .source, let cause = error.cause {
            await self.init(cause, reader)
        } else {
            self.init(error, output: "The file")
        }
    }

    /// The same for reading in a film.
    fileprivate init(_ error: MediaError, _ reader: FilmReader) async {
        if let failure = await reader.failure {
            self = failure
        } else if error.kind == .notAVideo || error.kind == .broken {
            self = .noFilm
        } else {
            self.init(.failed, error.message)
        }
    }
}
