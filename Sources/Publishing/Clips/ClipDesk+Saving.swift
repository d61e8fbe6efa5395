public import Catalog
import ClipIndex
import Store

extension ClipDesk {
    /// Saves a part of a film. Throws ``PublishingError``: `badRange` with the film's length, `invalid`, `notFound`,
    /// `unavailable`.
    public func save(
        _ video: Video, _ times: ClipTimes, title: Title, description: Description, by user: User
    ) async throws(PublishingError) -> Clip {
        guard video.state == .published else { throw FilmWatch.gone }
        let interval = try ClipRules.interval(times, of: video.media.duration)
        let end = min(interval.endSeconds, video.media.duration ?? .infinity)
        let new: NewClip
        do throws(CatalogError) {
            new = try NewClip(
                videoID: video.id, ownerID: user.id, title: title, description: description,
                times: ClipTimes(start: times.start, end: end))
        } catch {
            throw PublishingError(.badRange, error.sentence)
        }
        return try await storing { () throws(StoreError) in try await store.clips.create(new) }
    }

    /// Changes a clip's words. Only its owner and admins reach it; throws `notFound` for others.
    public func rename(
        _ id: ClipID, _ changes: ClipChanges, by user: User
    ) async throws(PublishingError) -> Clip {
        try await storing { () throws(StoreError) in
            try await store.clips.rename(id, changes, owner: user.ownVideosOnly)
        }
    }

    /// Deletes a clip; the film made out of it stays. Its owner, its film's owner and admins reach it; throws
    /// `notFound` for others.
    public func delete(_ id: ClipID, by user: User) async throws(PublishingError) {
        try await storing { () throws(StoreError) in
            try await store.clips.delete(id, by: user.id, owner: user.ownVideosOnly)
        }
    }

    /// Has a film of its own made out of a clip, with a torrent of its own, by a job; it will be `user`'s. How that
    /// stands is said by the clip (``Clip/making``). Nothing happens while it is being made, or is made already.
    ///
    /// The clip's owner, its film's owner and admins reach it; throws `notFound` for others and where the film is not
    /// published; `clipTooLong` where it is to be encoded anew (`isExact`) and is too long for that.
    @discardableResult
    public func materialise(
        _ clip: Clip, isExact: Bool = false, by user: User
    ) async throws(PublishingError) -> Clip {
        guard !isExact || clip.times.length <= limits.longestExact else {
            throw PublishingError(.clipTooLong, ClipRules.tooLong(limits.longestExact))
        }
        let isPublished = try await storing { () throws(StoreError) in
            try await store.videos.isPublished(clip.videoID)
        }
        guard isPublished else { throw FilmWatch.gone }
        let begun = try await storing { () throws(StoreError) in
            try await store.clips.beginMaking(clip.id, isExact: isExact, by: user.id, owner: user.ownVideosOnly)
        }
        work.wake()
        return begun
    }
}
