import Catalog
import ClipIndex
import Foundation
import Media

/// How large a cut gets, in bytes.
struct CutEstimate {
    /// What it will likely have; without room for that it is not begun.
    let likely: Int64
    /// What it may have.
    let most: Int64
    /// Whether `most` is far from what is expected, since nothing better is known.
    let isVague: Bool
    private static let mebibyte: Int64 = 1 << 20

    /// Of a part that is encoded anew, so many seconds long.
    static func exact(seconds: Double, largest: Int64) -> CutEstimate {
        CutEstimate(
            likely: min(largest, mebibyte + Int64(seconds * 750_000)),
            most: min(largest, 16 * mebibyte + Int64(seconds * 12_000_000)), isVague: true)
    }

    /// Of packets that are copied.
    ///
    /// - Parameter planned: bytes of the film that hold them, where its index tells.
    static func copy(_ key: CutKey, of media: MediaSummary, planned: Int64?) -> CutEstimate {
        let seconds = key.interval.endSeconds - key.interval.startSeconds
        let span = min(media.size, planned ?? share(of: media, seconds: seconds))
        let likely = key.format.soundOnly ? min(span, sound(of: media, seconds: seconds)) : span
        return CutEstimate(
            likely: likely, most: planned == nil ? media.size + 64 * mebibyte : span + span / 2 + 8 * mebibyte,
            isVague: planned == nil)
    }

    /// By the film's share of time, with something to spare.
    private static func share(of media: MediaSummary, seconds: Double) -> Int64 {
        guard let duration = media.duration, duration > 0 else { return media.size }
        return Int64(Double(media.size) * min(1, 2 * (seconds + 10) / duration))
    }

    /// By what sounds take a second: between them may lie any number of pictures.
    private static func sound(of media: MediaSummary, seconds: Double) -> Int64 {
        let sounds =
            (try? JSONDecoder().decode(MediaFacts.self, from: Data(media.facts)))?.streams.filter { $0.kind == .audio }
            ?? []
        let rate = sounds.reduce(0.0) { $0 + Double(max(0, min($1.bitRate ?? 2_000_000, 100_000_000))) }
        return mebibyte + Int64(seconds * rate / 8)
    }
}
