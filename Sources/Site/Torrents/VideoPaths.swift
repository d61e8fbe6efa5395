import ByteCoding
import Catalog
import ClipIndex
import Publishing

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
    /// The film's bytes under its own name: some programs tell the kind of a file by the ending of its address.
    func named(_ fileName: String) -> String { webSeed + PercentEncoding.encode(fileName) }
    var thumbnail: String { "/videos/\(slug)/thumbnail.jpg" }
    var storyboard: String { "/videos/\(slug)/storyboard.jpg" }
    var embed: String { "/videos/\(slug)/embed" }
    var clipPlan: String { "/videos/\(slug)/clip" }
    var clips: String { "/videos/\(slug)/clips" }

    /// The page with a clip selected; times in seconds.
    func selection(_ start: Double, _ end: Double) -> String { page + "?" + Self.times(start, end) }

    /// A clip as a file.
    func clip(_ ending: String, _ start: Double, _ end: Double, _ mode: ClipMode = .fast) -> String {
        let tail = mode == .fast ? "" : "&mode=\(mode.rawValue)"
        return "/videos/\(slug)/clip.\(ending)?\(Self.times(start, end))\(tail)"
    }

    /// The plan of a clip.
    func plan(_ start: Double, _ end: Double) -> String { clipPlan + "?" + Self.times(start, end) }

    /// The film's bytes with the fragment that limits players to a clip (Media Fragments URI 1.0, 4.2.1).
    func media(_ start: Double, _ end: Double) -> String {
        media + "#t=\(ClipTime.number(start)),\(ClipTime.number(end))"
    }

    /// The library's pages of a tag.
    static func tag(_ tag: String) -> String { "/?tag=" + PercentEncoding.encode(tag) }

    private static func times(_ start: Double, _ end: Double) -> String {
        "start=\(ClipTime.number(start))&end=\(ClipTime.number(end))"
    }
}
