import Accounts
import Catalog
import Store
import WebServer

/// A saved clip with the film it is a part of.
struct ClipOfFilm: Sendable {
    let clip: Clip
    let video: Video
}

extension SiteContext {
    /// A clip with its film, in any state.
    ///
    /// - Throws: 404 when there is none.
    func clip(_ load: () async throws -> Clip?) async throws -> ClipOfFilm {
        guard let clip = try await load(), let video = try await store.videos.video(id: clip.videoID) else {
            throw Refusal.noClip
        }
        return ClipOfFilm(clip: clip, video: video)
    }

    /// The clip at the slug of the path, if its film can be seen.
    ///
    /// - Throws: 404 when there is none, 410 when its film is taken down.
    func shownClip(_ visit: Visit) async throws -> ClipOfFilm {
        let slug = try visit.slug()
        let found = try await clip { try await store.clips.clip(slug: slug) }
        guard found.video.state == .published else { throw Refusal.takenDown }
        return found
    }

    /// The clip at the slug of the path, for one who may change it.
    ///
    /// - Throws: 404, 403, and 410 for a clip of a film that is taken down.
    func managedClip(_ visit: Visit, _ right: ClipRight) async throws -> ClipOfFilm {
        let slug = try visit.slug()
        return try visit.allowed(right, try await clip { try await store.clips.clip(slug: slug) })
    }

    /// The clip whose number stands in the path, if its film can be seen or is managed by the viewer, or the clip is
    /// only to be deleted.
    ///
    /// - Throws: as `shownClip`.
    func numberedClip(_ visit: Visit, for right: ClipRight? = nil) async throws -> ClipOfFilm {
        guard let id = visit.request.parameters["id"].flatMap({ ClipID($0) }) else { throw Refusal.noClip }
        let found = try await clip { try await store.clips.clip(id: id) }
        let isShown = found.video.state == .published || visit.mayManage(found.video)
        guard isShown || (right == .delete && visit.may(.delete, found)) else { throw Refusal.takenDown }
        return found
    }

    /// How the storyboard of a film is laid out; nil when there is none, and then whether one is being made.
    func storyboard(of video: Video) async throws -> (values: StoryboardValues?, comes: Bool) {
        let id = video.media.id
        let found = try await storyboards.state(of: id) {
            if let layout = try await store.media.storyboard(of: id) { return .made(layout) }
            return try await store.jobs.isUnderWay(.storyboard, of: id) ? .comes : .none
        }
        switch found {
        case .made(let layout): return (StoryboardValues(video: video, layout: layout), false)
        case .comes: return (nil, true)
        case .none: return (nil, false)
        }
    }
}

/// What somebody may want to do with a clip.
enum ClipRight: Sendable {
    /// Its words: whoever saved it, and admins.
    case edit
    /// Whoever saved it, whoever manages the film, and admins.
    case delete, materialise
}

extension Visit {
    /// Whether the viewer has the right. All of them are publishers'.
    func may(_ right: ClipRight, _ found: ClipOfFilm) -> Bool {
        guard let viewer, viewer.has(.publisher) else { return false }
        if viewer.user.role == .admin || viewer.user.id == found.clip.ownerID { return true }
        return right != .edit && mayManage(found.video)
    }

    /// The clip, for one who has the right. Of a film that is taken down whoever does not manage it is told nothing, but
    /// may still delete what was theirs.
    ///
    /// - Throws: 403, or 410 when its film is taken down.
    func allowed(_ right: ClipRight, _ found: ClipOfFilm) throws -> ClipOfFilm {
        let isPublished = found.video.state == .published
        guard isPublished || right == .delete || mayManage(found.video) else { throw Refusal.takenDown }
        guard may(right, found) else { throw isPublished ? Refusal.forbidden : Refusal.takenDown }
        return found
    }
}
