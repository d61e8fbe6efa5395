import Catalog
import Publishing

/// A saved clip as the API shows it. Members without a value are null, never missing.
struct ClipJSON: Encodable {
    let clip: Clip
    let video: Video
    let origin: String
    /// The ending of the copy that is offered; nil where the film cannot be cut.
    let ending: String?

    private enum Member: String, CodingKey {
        case id, slug, title, description, start, end, duration, owner, video, making, made, links
        case createdAt = "created_at"
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: Member.self)
        try json.encode(clip.id.rawValue, forKey: .id)
        try json.encode(clip.slug.rawValue, forKey: .slug)
        try json.encode(clip.title, forKey: .title)
        try json.encode(clip.description, forKey: .description)
        try json.encode(clip.times.start, forKey: .start)
        try json.encode(clip.times.end, forKey: .end)
        try json.encode(((clip.times.end - clip.times.start) * 1000).rounded() / 1000, forKey: .duration)
        try json.encode(clip.ownerName, forKey: .owner)
        try json.encode("\(clip.createdAt)", forKey: .createdAt)
        try json.encode(FilmJSON(slug: video.slug, title: video.title, origin: origin), forKey: .video)
        try json.encode(clip.making == .making, forKey: .making)
        try json.encode(made, forKey: .made)
        try json.encode(links, forKey: .links)
    }

    private var made: FilmJSON? {
        guard case .made(let slug, let title) = clip.making else { return nil }
        return FilmJSON(slug: slug, title: title, origin: origin)
    }

    private var links: [String: String?] {
        let (film, paths) = (VideoPaths(video.slug), ClipPaths(clip.slug))
        let (start, end) = (clip.times.start, clip.times.end)
        return [
            "page": origin + paths.page, "embed": origin + paths.embed, "video": origin + film.selection(start, end),
            "plan": origin + film.plan(start, end), "download": ending.map { origin + film.clip($0, start, end) },
        ]
    }
}

/// A film, named.
private struct FilmJSON: Encodable {
    let slug: String
    let title: String
    let page: String

    init(slug: Slug, title: String, origin: String) {
        self.slug = slug.rawValue
        self.title = title
        page = origin + VideoPaths(slug).page
    }
}
