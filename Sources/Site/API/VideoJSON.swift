import Catalog
import Metainfo

/// A video as the API shows it. Members without a value are null, never missing.
struct VideoJSON: Encodable {
    let video: Video
    let base: BaseURL
    let torrent: TorrentLinks?
    let swarm: SwarmReading?

    private enum Member: String, CodingKey {
        case id, slug, title, description, tags, state, duration, width, height, size, torrent, swarm, links, owner
        case mediaType = "media_type"
        case createdAt = "created_at"
        case publishedAt = "published_at"
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: Member.self)
        try json.encode(video.id.rawValue, forKey: .id)
        try json.encode(video.slug.rawValue, forKey: .slug)
        try json.encode(video.title, forKey: .title)
        try json.encode(video.description, forKey: .description)
        try json.encode(video.tags, forKey: .tags)
        try json.encode(video.state.rawValue, forKey: .state)
        try json.encode(video.ownerName, forKey: .owner)
        try json.encode(video.media.duration, forKey: .duration)
        try json.encode(video.media.width, forKey: .width)
        try json.encode(video.media.height, forKey: .height)
        try json.encode(video.media.size, forKey: .size)
        try json.encode(video.media.mediaType, forKey: .mediaType)
        try json.encode("\(video.createdAt)", forKey: .createdAt)
        try json.encode("\(video.publishedAt)", forKey: .publishedAt)
        try json.encode(torrent.map(TorrentJSON.init), forKey: .torrent)
        try json.encode(swarm.map { SwarmReport($0) }, forKey: .swarm)
        try json.encode(links, forKey: .links)
    }

    private var links: LinksJSON {
        let paths = VideoPaths(video.slug)
        return LinksJSON(
            page: base.origin + paths.page, media: base.origin + paths.media,
            thumbnail: video.hasThumbnail ? base.origin + paths.thumbnail : nil,
            clipPlan: base.origin + paths.clipPlan)
    }
}

/// The addresses of a video.
private struct LinksJSON: Encodable {
    private enum Member: String, CodingKey {
        case page, media, thumbnail
        case clipPlan = "clip_plan"
    }
    let page: String
    let media: String
    let thumbnail: String?
    /// Takes `start` and `end`.
    let clipPlan: String

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: Member.self)
        try json.encode(page, forKey: .page)
        try json.encode(media, forKey: .media)
        try json.encode(thumbnail, forKey: .thumbnail)
        try json.encode(clipPlan, forKey: .clipPlan)
    }
}

/// The torrent of a video.
private struct TorrentJSON: Encodable {
    private enum Member: String, CodingKey {
        case url, magnet
        case infoHashV1 = "infohash_v1"
        case infoHashV2 = "infohash_v2"
        case pieceLength = "piece_length"
        case pieceCount = "piece_count"
    }

    let links: TorrentLinks

    init(_ links: TorrentLinks) { self.links = links }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: Member.self)
        try json.encode(links.torrent.infoHashV1?.hex, forKey: .infoHashV1)
        try json.encode(links.torrent.infoHashV2?.hex, forKey: .infoHashV2)
        try json.encode(links.torrent.pieceLength, forKey: .pieceLength)
        try json.encode(links.torrent.pieceCount, forKey: .pieceCount)
        try json.encode(links.url, forKey: .url)
        try json.encode(links.magnet, forKey: .magnet)
    }
}
