import Catalog

/// One video in a list.
struct LibraryCard {
    let video: Video
    let site: SiteContext
    let settings: SiteSettings

    /// What the card shows. The feature is the newest film, large; pictures far down the page load late.
    func values(isFeature: Bool, isLate: Bool) -> TemplateValue {
        let paths = VideoPaths(video.slug)
        let swarm = swarm
        return [
            "slug": .text(video.slug.rawValue), "page": .text(paths.page), "title": .text(video.title),
            "thumbnail": video.hasThumbnail ? .text(paths.thumbnail) : .nothing, "is_blank": .flag(!video.hasThumbnail),
            "icon": video.media.mediaType.hasPrefix("video/") ? "film" : "sound",
            "duration": .optional(TimeWords.clock(video.media.duration)), "publisher": .text(video.ownerName),
            "published": .text(TimeWords.day(video.publishedAt)), "published_at": .text("\(video.publishedAt)"),
            "excerpt": .text(isFeature ? DescriptionText.excerpt(video.description, limit: 300) : ""),
            "is_feature": .flag(isFeature), "is_late": .flag(isLate), "swarm": swarm, "is_live": .flag(swarm.isShown),
        ]
    }

    private var swarm: TemplateValue {
        guard settings.bittorrentEnabled, let hash = video.torrent?.infoHash else { return .nothing }
        return .object(SwarmWords(reading: site.reading(hash)).counts)
    }
}
