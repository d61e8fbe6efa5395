import Catalog
import ClipIndex
import HTTPWire
import WebServer

/// Films as a feed for podcast programs: RSS 2.0 with the elements of iTunes and of the podcast namespace 1.0
/// (https://podcastindex.org/namespace/1.0).
///
/// The film itself is the enclosure; its torrent is another way to the same bytes, and each saved clip is a soundbite.
struct PodcastFeed {
    let site: SiteContext
    let settings: SiteSettings
    let request: Request
    let query: LibraryQuery
    /// Newest first.
    let videos: [Video]
    let clips: [VideoID: [Clip]]

    private static let namespaces: KeyValuePairs<String, String> = [
        "version": "2.0", "xmlns:atom": "http://www.w3.org/2005/Atom",
        "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
    ]

    private var origin: String { BaseURL(request, addresses: site.addresses).origin }

    /// The whole feed.
    var bytes: [UInt8] {
        var xml = XMLText()
        xml.element("rss", Self.namespaces) { xml in
            xml.element("channel") { xml in
                channel(&xml)
                for video in videos { item(video, &xml) }
            }
        }
        return xml.bytes
    }

    private func channel(_ xml: inout XMLText) {
        let link = LibraryLink(search: query.search, tag: query.tag?.rawValue)
        let name = query.tag.map { "\(settings.siteName): \($0.rawValue)" } ?? settings.siteName
        xml.element("title", text: name)
        xml.element("link", text: origin + link.path)
        xml.element("description", text: "Films and recordings of \(settings.siteName).")
        xml.element(
            "atom:link",
            [
                "href": origin + "/feed/podcast.rss" + link.path.dropFirst(), "rel": "self",
                "type": "application/rss+xml",
            ])
        xml.element("generator", text: "Reelswarm")
        if let newest = videos.first { xml.element("lastBuildDate", text: HTTPDate.format(newest.publishedAt.seconds)) }
        xml.element("itunes:author", text: settings.siteName)
        xml.element("itunes:explicit", text: "false")
        xml.element("itunes:category", ["text": "TV & Film"])
        if let picture = videos.first(where: \.hasThumbnail) {
            xml.element("itunes:image", ["href": origin + VideoPaths(picture.slug).thumbnail])
        }
        xml.element("podcast:medium", text: "video")
    }

    private func item(_ video: Video, _ xml: inout XMLText) {
        let paths = VideoPaths(video.slug)
        xml.element("item") { xml in
            xml.element("title", text: video.title)
            xml.element("link", text: origin + paths.page)
            xml.element("guid", ["isPermaLink": "true"], text: origin + paths.page)
            xml.element("pubDate", text: HTTPDate.format(video.publishedAt.seconds))
            xml.element("description", text: video.description)
            for tag in video.tags { xml.element("category", text: tag) }
            xml.element(
                "enclosure",
                [
                    "url": origin + paths.named(video.media.fileName), "length": "\(video.media.size)",
                    "type": video.media.mediaType,
                ])
            xml.element("itunes:author", text: video.ownerName)
            if let duration = video.media.duration, duration.isFinite, duration >= 0, duration < 1e9 {
                xml.element("itunes:duration", text: "\(Int(duration.rounded()))")
            }
            if video.hasThumbnail { xml.element("itunes:image", ["href": origin + paths.thumbnail]) }
            torrent(of: video, &xml)
            soundbites(of: video, &xml)
        }
    }

    /// The same bytes out of the swarm.
    private func torrent(of video: Video, _ xml: inout XMLText) {
        guard let links = TorrentLinks(video, site: site, settings: settings, request: request) else { return }
        xml.element(
            "podcast:alternateEnclosure",
            ["type": video.media.mediaType, "length": "\(video.media.size)", "title": "BitTorrent"]
        ) { xml in
            xml.element("podcast:source", ["uri": links.url, "contentType": "application/x-bittorrent"])
            xml.element("podcast:source", ["uri": links.magnet])
        }
    }

    /// Saved clips; programs show at most 128 characters of a title.
    private func soundbites(of video: Video, _ xml: inout XMLText) {
        for clip in clips[video.id, default: []] {
            xml.element(
                "podcast:soundbite",
                [
                    "startTime": ClipTime.number(clip.times.start),
                    "duration": ClipTime.number(clip.times.end - clip.times.start),
                ], text: String(clip.title.prefix(128)))
        }
    }
}
