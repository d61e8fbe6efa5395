import Accounts
import Catalog
import ClipIndex
import Publishing
import WebServer

/// The clip tool of the video page: what is selected, what that costs, and what can be done with it. It works without
/// scripts.
struct ClipTool {
    let video: Video
    let site: SiteContext
    let settings: SiteSettings
    let visit: Visit
    let sheet: StoryboardValues?
    /// A clip that was just refused.
    let refused: RefusedClip?

    /// The values of the template; nothing for a film that is taken down or has no length.
    func values() async -> TemplateValue {
        guard video.state == .published, let duration = video.media.duration, duration > 0 else { return .nothing }
        var values = words(duration)
        values.merge(await selection()) { $1 }
        values.merge(saving) { $1 }
        return .object(values)
    }

    private var paths: VideoPaths { VideoPaths(video.slug) }
    private var times: ClipTimeText { refused?.times ?? ClipTimeText(visit.request.query) }

    private func words(_ duration: Double) -> [String: TemplateValue] {
        let endings = site.endings(of: video)
        let torrent = TorrentLinks(video, site: site, settings: settings, request: visit.request)
        return [
            "slug": .text(video.slug.rawValue), "duration": .text(ClipTime.number(duration)),
            "duration_words": .text(ClipTime.text(duration)), "plan_url": .text(paths.clipPlan),
            "cut_url": .optional(endings.best.map { "\(paths.clipPlan).\($0)" }),
            "cut_base": .text(paths.clipPlan + "."), "endings": .list(endings.fast.map(TemplateValue.text)),
            "exact_endings": .list(endings.exact.map(TemplateValue.text)),
            "audio_endings": .list(endings.audio.map(TemplateValue.text)),
            "storyboard": sheet?.all ?? .nothing, "torrent_url": .optional(torrent?.url),
            "signed_in": .flag(visit.viewer != nil),
        ]
    }

    /// Wrong times are a sentence on the page, never an error of the page.
    private func selection() async -> [String: TemplateValue] {
        guard !times.isEmpty else { return shown(nil, nil) }
        do {
            let asked = try times.times(in: video)
            let cost = try await site.publisher.clips.plan(video, asked)
            return shown(
                ClipOffer(video: video, cost: cost, site: site, settings: settings, request: visit.request), nil)
        } catch { return shown(nil, ErrorPages(site: site).publicError(error, visit.request).message) }
    }

    private func shown(_ offer: ClipOffer?, _ problem: String?) -> [String: TemplateValue] {
        [
            "start": .text(offer.map { ClipTime.number($0.start) } ?? times.start),
            "end": .text(offer.map { ClipTime.number($0.end) } ?? times.end),
            "start_words": .text(offer.map { ClipTime.text($0.start) } ?? times.start),
            "end_words": .text(offer.map { ClipTime.text($0.end) } ?? times.end),
            "selected": offer.map(selected) ?? .nothing, "problem": .optional(problem),
        ]
    }

    private func selected(_ offer: ClipOffer) -> TemplateValue {
        [
            "bytes_words": .text(ByteWords.decimal(offer.cost.plan.byteCount)),
            "percent_words": .text(
                offer.percent < 0.1 ? "less than 0.1 %" : "\(ByteWords.oneDecimal(offer.percent)) %"),
            "length_words": .text(ClipWords.length(offer.end - offer.start)),
            "actual_start_words": .text(ClipTime.text(offer.actualStart)),
            "begins_early": .flag(offer.actualStart < offer.start - 0.0005),
            "download": .optional(offer.download(.fast)),
            "exact": .optional(offer.download(.exact)), "audio": .optional(offer.download(.audio)),
            "command": .optional(offer.command), "link": .text(offer.page),
        ]
    }

    private var saving: [String: TemplateValue] {
        [
            "may_save": .flag(visit.viewer?.has(.publisher) == true), "save_action": .text(paths.clips),
            "form": ["title": .text(refused?.title ?? ""), "description": .text(refused?.description ?? "")],
            "save_problem": .optional(refused?.sentence),
        ]
    }
}
