import ByteCoding
import Catalog

/// The addresses of a video on this site, as paths.
struct VideoPaths: Sendable {
    let slug: Slug

    init(_ slug: Slug) { self.slug = slug }

    var page: String { "/videos/\(slug)" }
    var torrent: String { "/videos/\(slug).torrent" }
    var media: String { "/videos/\(slug)/media" }
    var download: String { "/videos/\(slug)/media?download=1" }
    /// With the slash, which makes every client add `info.name` (BEP 19); no query, or libtorrent refuses it on private
    /// addresses.
    var webSeed: String { "/videos/\(slug)/media/" }
    var thumbnail: String { "/videos/\(slug)/thumbnail.jpg" }

    /// The library's pages of a tag.
    static func tag(_ tag: String) -> String { "/?tag=" + PercentEncoding.encode(tag) }
}
