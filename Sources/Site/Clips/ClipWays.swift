import Catalog
import ClipIndex
import Publishing
import WebServer

/// The ways in which a part of a film can be had: its link, its downloads, its command.
struct ClipWays {
    let video: Video
    /// Seconds; not before the film's.
    let start: Double
    /// Seconds; not after the film's.
    let end: Double
    let endings: ClipEndings
    /// The site's address for this request.
    let origin: String
    /// The film's torrent; nil where it has none.
    let torrent: TorrentLinks?

    init(
        video: Video, start: Double, end: Double, site: SiteContext, settings: SiteSettings, request: Request
    ) {
        self.video = video
        self.start = start
        self.end = end
        endings = site.endings(of: video)
        origin = BaseURL(request, addresses: site.addresses).origin
        torrent = TorrentLinks(video, site: site, settings: settings, request: request)
    }

    /// The film's page with the clip selected.
    var page: String { origin + paths.selection(start, end) }

    /// The cut of a mode, in the ending that fits best; nil where none does, and where it would be refused as too long.
    func download(_ mode: ClipMode) -> String? {
        guard mode != .exact || end - start <= Self.longestExact else { return nil }
        return endings.of(mode).first.map { paths.clip($0, start, end, mode) }
    }

    /// The command that fetches it from the swarm; nil without a torrent.
    var command: String? {
        guard let torrent, let ending = endings.best else { return nil }
        return SwarmCommand.line(
            torrent: torrent.url, start: start, end: end,
            output: ClipName.of(video.media.fileName, start: start, end: end, ending: ending))
    }

    private var paths: VideoPaths { VideoPaths(video.slug) }
    private static let longestExact = ClipLimits().longestExact
}
