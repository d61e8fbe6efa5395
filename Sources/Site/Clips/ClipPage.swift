import Catalog
import ClipIndex
import HTTPWire
import Publishing
import WebServer

/// What the page of a clip shows.
struct ClipPage {
    let clip: Clip
    let video: Video
    let site: SiteContext
    let settings: SiteSettings
    let visit: Visit
    /// The words in the form.
    let form: (title: String, description: String)
    /// What was wrong with them.
    let problem: String?

    /// All values of the template.
    var values: TemplateValue {
        var values = words
        values.merge(player) { $1 }
        values.merge(files) { $1 }
        values.merge(swarm) { $1 }
        values.merge(management) { $1 }
        values.merge(making) { $1 }
        return .object(values)
    }

    private var paths: ClipPaths { ClipPaths(clip.slug) }
    private var film: VideoPaths { VideoPaths(video.slug) }
    private var start: Double { clip.times.start }
    private var end: Double { clip.times.end }
    private var origin: String { BaseURL(visit.request, addresses: site.addresses).origin }
    private var ways: ClipWays {
        ClipWays(video: video, start: start, end: end, site: site, settings: settings, request: visit.request)
    }

    private var words: [String: TemplateValue] {
        [
            "slug": .text(clip.slug.rawValue), "title": .text(clip.title),
            "description": DescriptionText.values(clip.description),
            "has_description": .flag(!clip.description.isEmpty), "excerpt": .text(excerpt), "href": .text(paths.page),
            "url": .text(origin + paths.page), "publisher": .text(clip.ownerName),
            "created": .text(TimeWords.day(clip.createdAt)), "created_at": .text("\(clip.createdAt)"),
            "start": .text(ClipTime.number(start)), "end": .text(ClipTime.number(end)),
            "seconds": .text(ClipTime.number(end - start)), "start_words": .text(ClipTime.text(start)),
            "end_words": .text(ClipTime.text(end)), "length_words": .text(ClipWords.length(end - start)),
            "video_slug": .text(video.slug.rawValue), "video_title": .text(video.title),
            "video_publisher": .text(video.ownerName), "video_href": .text(film.selection(start, end)),
            "saved": .flag(visit.request.query.first("saved") == "1"),
        ]
    }

    private var excerpt: String {
        let own = DescriptionText.excerpt(clip.description)
        return own.isEmpty ? "\(ClipTime.text(start)) to \(ClipTime.text(end)) of \(video.title)" : own
    }

    private var player: [String: TemplateValue] {
        let thumbnail = video.hasThumbnail ? film.thumbnail : nil
        return [
            "media": .text(film.media(start, end)), "media_type": .text(video.media.mediaType),
            "is_video": .flag(video.media.mediaType.hasPrefix("video/")),
            "formats": .text(site.facts.facts(of: video.media).formats), "thumbnail": .optional(thumbnail),
            "thumbnail_url": .optional(thumbnail.map { origin + $0 }), "embed_href": .text(paths.embed),
            "embed_code": .text(EmbedCode.text(origin + paths.embed, title: clip.title, of: video.media)),
        ]
    }

    private var files: [String: TemplateValue] {
        let endings = ways.endings
        let playable = endings.fast.first { $0 == "mp4" }
        return [
            "download": .optional(endings.best.map { film.clip($0, start, end) }),
            "download_ending": .optional(endings.best),
            "og_video": .optional(playable.map { origin + film.clip($0, start, end) }), "og_video_type": "video/mp4",
            "duration": .number(Int64(max(1, min(end - start, 1e9).rounded()))),
        ]
    }

    private var swarm: [String: TemplateValue] {
        let ways = ways
        guard let links = ways.torrent else {
            return ["torrent": .nothing, "swarm": .nothing, "command": .nothing]
        }
        return [
            "torrent": ["url": .text(film.torrent), "magnet": .text(links.magnet)], "command": .optional(ways.command),
            "swarm": SwarmWords(reading: site.reading(links.torrent.infoHash)).all(forManagers: false),
        ]
    }

    private var management: [String: TemplateValue] {
        let found = ClipOfFilm(clip: clip, video: video)
        let mayDelete = visit.may(.delete, found)
        return [
            "manage": .flag(mayDelete), "may_edit": .flag(visit.may(.edit, found)), "may_delete": .flag(mayDelete),
            "may_materialise": .flag(visit.may(.materialise, found) && !clip.making.isBegun), "edit": .text(paths.edit),
            "delete": .text(paths.delete), "materialise": .text(paths.materialise),
            "may_be_exact": .flag(video.media.mediaType.hasPrefix("video/") && ways.download(.exact) != nil),
            "form": ["title": .text(form.title), "description": .text(form.description)], "problem": .optional(problem),
        ]
    }

    /// Whether it is a film of its own as well.
    private var making: [String: TemplateValue] {
        let isManaged = visit.may(.materialise, ClipOfFilm(clip: clip, video: video))
        var (made, reason): (TemplateValue, String?) = (.nothing, nil)
        switch clip.making {
        case .made(let slug, let title): made = ["href": .text(VideoPaths(slug).page), "title": .text(title)]
        case .failed(let words) where isManaged: reason = words
        default: break
        }
        let progress = ClipWords.making(site.publisher.filmsInMaking.step(of: clip.id))
        return [
            "made": made, "making": .flag(clip.making == .making), "making_words": .text(progress.words),
            "making_percent": .optional(progress.percent.map(String.init)), "making_problem": .optional(reason),
            "made_hidden": .flag(isManaged && clip.making == .hidden),
        ]
    }
}

extension ClipMaking {
    /// Whether there is a film, or will be.
    var isBegun: Bool {
        switch self {
        case .not, .failed: false
        case .making, .made, .hidden: true
        }
    }
}
