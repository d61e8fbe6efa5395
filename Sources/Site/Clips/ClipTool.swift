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
    /// Whether a sheet is being made.
    let sheetComes: Bool
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
            "mute_endings": .list(endings.withoutSubtitles.map(TemplateValue.text)),
            "opening_command": .optional(opening(duration).command),
            "exact_audio_endings": .list(endings.exactAudio.map(TemplateValue.text)),
            "storyboard": sheet?.all ?? .nothing, "storyboard_comes": .flag(sheetComes),
            "torrent_url": .optional(torrent?.url),
            "signed_in": .flag(visit.viewer != nil),
        ]
    }

    /// What the tool selects while nobody has chosen.
    private func opening(_ duration: Double) -> ClipWays {
        ClipWays(
            video: video, start: 0, end: min(30, duration), site: site, settings: settings, request: visit.request)
    }

    /// Wrong times are a sentence on the page, never an error of the page. What cannot be planned, or not yet, can be
    /// cut all the same.
    private func selection() async -> [String: TemplateValue] {
        guard !times.isEmpty else { return unselected(nil) }
        do {
            let asked = try times.times(in: video)
            do {
                let cost = try await site.publisher.clips.plan(video, asked)
                return planned(
                    ClipOffer(video: video, cost: cost, site: site, settings: settings, request: visit.request))
            } catch let error where error.kind != .badRange {
                return unplanned(asked, error)
            }
        } catch { return unselected(ErrorPages(site: site).publicError(error, visit.request).message) }
    }

    private func unselected(_ problem: String?) -> [String: TemplateValue] {
        [
            "start": .text(times.start), "end": .text(times.end), "start_words": .text(times.start),
            "end_words": .text(times.end), "selected": .nothing, "problem": .optional(problem),
        ]
    }

    private func planned(_ offer: ClipOffer) -> [String: TemplateValue] {
        selected(
            offer.ways,
            [
                "uncosted": .nothing, "waits": .flag(false),
                "bytes_words": .text(ByteWords.decimal(offer.cost.plan.byteCount)),
                "percent_words": .text(
                    offer.percent < 0.1 ? "less than 0.1 %" : "\(ByteWords.oneDecimal(offer.percent)) %"),
            ])
    }

    /// The times have no fault; only the cost is not known.
    private func unplanned(_ times: ClipTimes, _ error: PublishingError) -> [String: TemplateValue] {
        let end = min(times.end, video.media.duration ?? times.end)
        let ways = ClipWays(
            video: video, start: times.start, end: end, site: site, settings: settings, request: visit.request)
        return selected(
            ways,
            [
                "uncosted": .text(ClipWords.uncosted(error)), "waits": .flag(error.retryAfter != nil),
                "bytes_words": .nothing,
            ])
    }

    private func selected(_ ways: ClipWays, _ cost: [String: TemplateValue]) -> [String: TemplateValue] {
        let values: [String: TemplateValue] = [
            "length_words": .text(ClipWords.length(ways.end - ways.start)),
            "download": .optional(ways.download(.fast)), "exact": .optional(ways.download(.exact)),
            "audio": .optional(ways.download(.audio)), "command": .optional(ways.command), "link": .text(ways.page),
        ]
        return [
            "start": .text(ClipTime.number(ways.start)), "end": .text(ClipTime.number(ways.end)),
            "start_words": .text(ClipTime.text(ways.start)), "end_words": .text(ClipTime.text(ways.end)),
            "selected": .object(values.merging(cost) { $1 }), "problem": .nothing,
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
