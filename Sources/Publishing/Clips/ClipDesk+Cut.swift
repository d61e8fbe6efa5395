public import Catalog
import ClipIndex
import Media

extension ClipDesk {
    /// Cuts a part of a film, or takes the clip that was cut for someone else a moment ago.
    ///
    /// Waits for the cut, or of a clip that is sent while it is made for its beginning. Cancelled when the task is,
    /// where nobody else waits for the same clip; ends within seconds when the film is taken down or deleted.
    ///
    /// - Parameter client: names the visitor's address: each may wait for few cuts at one time.
    /// - Throws: ``PublishingError``: `badRange` with the film's length, `clipTooLong`, `cannotClip` with the endings
    ///   that fit, `busy` and `tooManyCuts` with ``PublishingError/retryAfter``, `storageFull`, `notFound`,
    ///   `unavailable`. `CancellationError`.
    public func cut(_ video: Video, _ order: ClipOrder, for client: String) async throws -> CutClip {
        guard video.state == .published else { throw FilmWatch.gone }
        let cut = try await filmCut(video.media, order)
        return try await room.clip(cut, of: video.id, for: client)
    }

    /// The whole clip where it was cut a moment ago; nil means nothing, costs nothing. Throws as ``cut(_:_:for:)``
    /// where the order is wrong.
    public func kept(_ video: Video, _ order: ClipOrder) async throws(PublishingError) -> CutFile? {
        guard video.state == .published else { throw FilmWatch.gone }
        return room.kept(try key(video.media, order))
    }

    /// What is to be done for an order, and how much of the disk it may take.
    func filmCut(_ media: MediaSummary, _ order: ClipOrder) async throws(PublishingError) -> FilmCut {
        var key = try key(media, order)
        let reading = try await reading(key, media)
        guard !key.isExact else {
            return FilmCut(
                key: key, media: ContentReference(media), way: .growing, likelyBytes: 1 << 20,
                mostBytes: limits.largestExact, reading: reading)
        }
        let likely = min(media.size, reading.map { Int64(clamping: $0.plan.byteCount) } ?? Self.share(key, of: media))
        if likely > limits.largestFile { key.number = .random(in: 1 ... .max) }
        return FilmCut(
            key: key, media: ContentReference(media), way: likely > limits.largestFile ? .passing : .whole,
            likelyBytes: likely, mostBytes: likely + likely / 2 + 8 << 20, reading: reading)
    }

    private func key(_ media: MediaSummary, _ order: ClipOrder) throws(PublishingError) -> CutKey {
        let interval = try ClipRules.interval(order.times, of: media.duration)
        let isExact = order.mode == .exact
        guard !isExact || order.times.length <= limits.longestExact else {
            throw PublishingError(.clipTooLong, ClipRules.tooLong(limits.longestExact))
        }
        let mode = order.mode == .fast && order.format.soundOnly ? .audio : order.mode
        let fitting = formats(of: media, mode)
        guard fitting.contains(where: { $0.format == order.format.format }) else {
            throw PublishingError(.cannotClip, ClipRules.cannotClip(fitting, mode))
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

    /// How large a fast cut will likely be by its share of the film's time, with something to spare.
    private static func share(_ key: CutKey, of media: MediaSummary) -> Int64 {
        guard let duration = media.duration, duration > 0 else { return media.size }
        let length = key.interval.endSeconds - key.interval.startSeconds + 10
        return Int64(Double(media.size) * min(1, 2 * length / duration))
    }
}
