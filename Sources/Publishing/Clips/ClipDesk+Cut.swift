public import Catalog
import ClipIndex
import Media

extension ClipDesk {
    /// Cuts a part of a film, or takes the clip that was cut for someone else a moment ago.
    ///
    /// Waits for the cut, or of a clip that is sent while it is made for its beginning. Cancelled when the task is,
    /// where nobody else waits for the same clip; ends within seconds when the film is taken down or deleted.
    ///
    /// - Parameter client: names the visitor's address: each may wait for few cuts at one time. Nil is nobody's.
    /// - Throws: ``PublishingError``: `badRange` with the film's length, `clipTooLong`, `cannotClip` with the endings
    ///   that fit, `busy` and `tooManyCuts` with ``PublishingError/retryAfter``, `storageFull`, `notFound`,
    ///   `unavailable`. `CancellationError`.
    public func cut(_ video: Video, _ order: ClipOrder, for client: String?) async throws -> CutClip {
        guard video.state == .published else { throw FilmWatch.gone }
        let cut = try await filmCut(video.media, order)
        guard cut.way == .passing || cut.estimate.likely <= limits.keptBytes else {
            throw PublishingError(
                .clipTooLong, "Such a clip is too large in this format. Ask for mp4 or mkv, or for less of the film.")
        }
        return try await room.clip(cut, of: video.id, for: client)
    }

    /// The whole clip where it was cut a moment ago; nil means nothing, costs nothing. Throws as ``cut(_:_:for:)``
    /// where the order is wrong.
    public func kept(_ video: Video, _ order: ClipOrder) async throws(PublishingError) -> CutFile? {
        guard video.state == .published else { throw FilmWatch.gone }
        return room.kept(try key(video.media, order))
    }

    /// Whether a clip is a file with a length before its first byte is sent, or else sent while it is made. Throws as
    /// ``cut(_:_:for:)`` where the order is wrong.
    public func isFile(_ video: Video, _ order: ClipOrder) async throws(PublishingError) -> Bool {
        try await filmCut(video.media, order).way == .whole
    }

    /// The most bytes of a copy in one of the usual formats that is a file; in MP4 only files begin at the asked moment.
    public var largestFile: Int64 { limits.largestFile }

    /// The formats to offer for a film's sound alone, encoded anew, best first; none where it has no sound that can be.
    public func encodedSounds(of media: MediaSummary) -> [ClipFormat] { ClipFormats(media)?.encodedSounds ?? [] }

    /// What is to be done for an order, and how much of the disk it may take.
    func filmCut(_ media: MediaSummary, _ order: ClipOrder) async throws(PublishingError) -> FilmCut {
        var key = try key(media, order)
        let reading = try await reading(key, media)
        let estimate = estimate(key, media, reading)
        var way = key.isExact ? FilmCut.Way.growing : .whole
        // What is written with seeks is a file however large it gets.
        if !key.isExact, estimate.likely > limits.largestFile, key.format.isAppendOnly {
            way = .passing
            key.number = .random(in: 1 ... .max)
        }
        return FilmCut(key: key, media: ContentReference(media), way: way, estimate: estimate, reading: reading)
    }

    private func estimate(_ key: CutKey, _ media: MediaSummary, _ reading: PlannedReading?) -> CutEstimate {
        guard key.isExact else {
            return .copy(key, of: media, planned: reading.map { Int64(clamping: $0.plan.byteCount) })
        }
        let seconds = key.interval.endSeconds - key.interval.startSeconds
        return .exact(seconds: seconds, largest: limits.largestExact)
    }

    private func key(_ media: MediaSummary, _ order: ClipOrder) throws(PublishingError) -> CutKey {
        let interval = try ClipRules.interval(order.times, of: media.duration)
        let isExact = order.mode == .exact
        guard !isExact || order.times.length <= limits.longestExact else {
            throw PublishingError(.clipTooLong, ClipRules.tooLong(limits.longestExact))
        }
        let formats = ClipFormats(media)
        guard formats?.fit(order.format, order.mode) == true else {
            let others = formats?.alternatives(to: order.format, order.mode) ?? []
            let mayEncode = order.mode == .fast || (order.mode == .audio && order.format.soundOnly)
            let encodes = mayEncode && formats?.fit(order.format, .exact) == true
            throw PublishingError(
                .cannotClip, ClipRules.cannotClip(others, soundOnly: order.format.soundOnly, encodes: encodes))
        }
        return CutKey(
            media: media.id, content: media.etag, interval: interval, format: order.format.format, isExact: isExact)
    }

    private func reading(
        _ key: CutKey, _ media: MediaSummary
    ) async throws(PublishingError) -> PlannedReading? {
        guard let index = try await indexes.index(of: media), let plan = try? index.plan(key.interval) else {
            return nil
        }
        return PlannedReading(index, plan)
    }
}
