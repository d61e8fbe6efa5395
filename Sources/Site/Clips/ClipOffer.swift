import Catalog
import ClipIndex
import Metainfo
import Publishing
import WebServer

/// A clip that was planned, with the ways in which it can be had.
struct ClipOffer {
    /// The most bytes of a copy that begins at the asked moment: a longer one is sent while it is made, and begins at
    /// the key frame.
    static let fileLimit = UInt64(clamping: ClipLimits().largestFile)

    let video: Video
    let cost: ClipCost
    let endings: ClipEndings
    /// The site's address for this request.
    let origin: String
    /// The film's torrent; nil where it has none.
    let torrent: TorrentLinks?

    init(video: Video, cost: ClipCost, site: SiteContext, settings: SiteSettings, request: Request) {
        self.video = video
        self.cost = cost
        endings = site.endings(of: video)
        origin = BaseURL(request, addresses: site.addresses).origin
        torrent = TorrentLinks(video, site: site, settings: settings, request: request)
    }

    /// The asked start in seconds.
    var start: Double { cost.plan.interval.startSeconds }
    /// The asked end in seconds, not after the film's.
    var end: Double { cost.plan.interval.endSeconds }
    /// The key frame (of a sound: packet) at which the bytes begin, in seconds.
    var actualStart: Double { Double(cost.plan.actualStart) / 1e6 }
    /// Share of the film's bytes, in percent, with one decimal.
    var percent: Double {
        guard cost.filmBytes > 0 else { return 0 }
        let share = Double(cost.plan.byteCount) / Double(cost.filmBytes)
        return (min(1, share) * 1000).rounded() / 10
    }

    /// Where players begin to show a fast clip, in seconds.
    var fastStart: Double {
        let beginsAnywhere = ["mp4", "mov", "m4a"].contains(endings.best ?? "")
        return beginsAnywhere && cost.plan.byteCount <= Self.fileLimit ? start : actualStart
    }

    /// The film's page with the clip selected.
    var page: String { origin + paths.selection(start, end) }

    /// The cut of a mode, in the ending that fits best; nil where none does.
    func download(_ mode: ClipMode) -> String? { endings.of(mode).first.map { paths.clip($0, start, end, mode) } }

    /// The command that fetches it from the swarm; nil without a torrent.
    var command: String? {
        guard let torrent, let ending = endings.best else { return nil }
        return SwarmCommand.line(
            torrent: torrent.url, start: start, end: end,
            output: ClipName.of(video.media.fileName, start: start, end: end, ending: ending))
    }

    private var paths: VideoPaths { VideoPaths(video.slug) }
}
