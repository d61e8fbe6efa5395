import Catalog
import ClipIndex
import Media

/// What tells one cut from another: equal keys give equal bytes.
struct CutKey: Hashable, Sendable {
    /// The film's content.
    let media: MediaID
    /// The content's own tag.
    let content: String
    let interval: ClipInterval
    let format: CutFormat
    let isExact: Bool
    /// Zero for cuts that may be shared; others have a number of their own.
    var number: UInt64 = 0

    /// The clip's tag but for its length.
    var etag: String {
        "\(content)-\(interval.start)-\(interval.end)-\(format)\(isExact ? "-exact" : "")"
    }
}
