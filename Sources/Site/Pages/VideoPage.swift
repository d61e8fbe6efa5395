import Catalog
import HTTPWire
import Metainfo
import WebServer

/// What the video page shows.
struct VideoPage {
    let video: Video
    let site: SiteContext
    let settings: SiteSettings
    let visit: Visit
    /// The chart of its swarm, or what stands in its place.
    let history: TemplateValue
    /// The clip tool, or nothing.
    let clipTool: TemplateValue
    /// The saved clips.
    let clips: [TemplateValue]

    /// All values of the template.
    var values: TemplateValue {
        var values = words
        values.merge(media) { $1 }
        values.merge(torrent) { $1 }
        values.merge(management) { $1 }
        values["clip"] = clipTool
        values["clips"] = .list(clips)
        values["has_clips"] = .flag(!clips.isEmpty)
        values["clips_words"] = clips.isEmpty ? .nothing : .text(ClipWords.goWithTheFilm(clips.count))
        values["clip_deleted"] = .flag(visit.request.query.first("deleted") == "clip")
        return .object(values)
    }

    private var paths: VideoPaths { VideoPaths(video.slug) }
    private var isPublished: Bool { video.state == .published }

    private var words: [String: TemplateValue] {
        let origin = BaseURL(visit.request, addresses: site.addresses).origin
        return [
            "slug": .text(video.slug.rawValue), "title": .text(video.title), "publisher": .text(video.ownerName),
            "published": .text(TimeWords.day(video.publishedAt)), "published_at": .text("\(video.publishedAt)"),
            "description": DescriptionText.values(video.description),
            "has_description": .flag(!video.description.isEmpty),
            "excerpt": .text(DescriptionText.excerpt(video.description)),
            "tags": .list(video.tags.map { ["name": .text($0), "href": .text(VideoPaths.tag($0))] }),
            "has_tags": .flag(!video.tags.isEmpty), "url": .text(origin + paths.page),
            "thumbnail_url": .text(origin + paths.thumbnail), "media_url": .text(origin + paths.media),
            "embed_href": .text(paths.embed),
            "embed_code": .text(
                EmbedCode.text(origin + paths.embed, title: video.title, of: video.media)),
            "saved": .flag(visit.request.query.first("saved") == "1"),
        ]
    }

    private var media: [String: TemplateValue] {
        let facts = site.facts.facts(of: video.media)
        return [
            "is_video": .flag(video.media.mediaType.hasPrefix("video/")), "media": .text(paths.media),
            "media_type": .text(video.media.mediaType), "download": .text(paths.download),
            "thumbnail": video.hasThumbnail && isPublished ? .text(paths.thumbnail) : .nothing,
            "duration": .optional(TimeWords.clock(video.media.duration)),
            "duration_words": .optional(TimeWords.words(video.media.duration)),
            "size": .text(ByteWords.decimal(video.media.size)), "formats": .text(facts.formats),
            "facts": .list(facts.lines.map { ["name": .text($0.name), "value": .text($0.value)] }),
        ]
    }

    private var torrent: [String: TemplateValue] {
        guard isPublished, let links = TorrentLinks(video, site: site, settings: settings, request: visit.request)
        else {
            return ["torrent": .nothing, "swarm": .nothing, "history": .nothing]
        }
        let pieces = "\(ByteWords.grouped(links.torrent.pieceCount)) of \(ByteWords.binary(links.torrent.pieceLength))"
        return [
            "torrent": [
                "url": .text(paths.torrent), "magnet": .text(links.magnet), "pieces": .text(pieces),
                "trackers": .list(links.tiers.flatMap(\.self).map(TemplateValue.text)),
                "info_hash": .text(links.torrent.infoHash.hex),
                "info_hash_v2": links.torrent.infoHashV2.map { .text($0.hex) } ?? .nothing,
            ],
            "swarm": SwarmWords(reading: site.reading(links.torrent.infoHash))
                .all(forManagers: visit.mayManage(video)),
            "history": history,
        ]
    }

    private var management: [String: TemplateValue] {
        let mayManage = visit.mayManage(video)
        return [
            "manage": .flag(mayManage), "may_edit": .flag(mayManage), "may_delete": .flag(mayManage),
            "may_take_down": .flag(mayManage && isPublished), "may_restore": .flag(mayManage && !isPublished),
            "is_taken_down": .flag(!isPublished), "edit": .text(paths.page + "/edit"),
            "take_down": .text(paths.page + "/takedown"), "restore": .text(paths.page + "/restore"),
            "delete": .text(paths.page + "/delete"),
        ]
    }
}
