import Catalog
import ClipIndex
import Publishing
import WebServer

/// A clip that was planned: what it costs, and the ways in which it can be had.
struct ClipOffer {
    let cost: ClipCost
    /// The most bytes of a copy that begins at the asked moment: a longer one is sent while it is made, and begins at
    /// the key frame.
    private let fileLimit: UInt64
    let ways: ClipWays

    init(video: Video, cost: ClipCost, site: SiteContext, settings: SiteSettings, request: Request) {
        self.cost = cost
        fileLimit = UInt64(clamping: site.publisher.clips.largestFile)
        ways = ClipWays(
            video: video, start: cost.plan.interval.startSeconds, end: cost.plan.interval.endSeconds, site: site,
            settings: settings, request: request)
    }

    /// The asked start in seconds.
    var start: Double { ways.start }
    /// The asked end in seconds, not after the film's.
    var end: Double { ways.end }
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
        let beginsAnywhere = ["mp4", "mov", "m4a"].contains(ways.endings.best ?? "")
        return beginsAnywhere && cost.plan.byteCount <= fileLimit ? start : actualStart
    }
}
