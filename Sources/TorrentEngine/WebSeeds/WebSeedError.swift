import Metainfo

/// Why a web seed gave less than it was asked for. All texts are sentences.
enum WebSeedError: Error, Hashable, Sendable {
    /// It is to be left alone for that time: it is busy, was not reached, or broke off.
    case resting(Duration, reason: String)
    /// It lacks a file, and so these pieces; the others may be asked for.
    case lacks(ClosedRange<PieceIndex>, reason: String)
    /// It is of no use for this torrent, now and later.
    case useless(reason: String)
    /// The fetch was given up by us.
    case cancelled
}

extension WebSeedError: CustomStringConvertible {
    var description: String {
        switch self {
        case .resting(let time, let reason): "\(reason) It is asked again in \(max(1, time.components.seconds)) s."
        case .lacks(_, let reason), .useless(let reason): reason
        case .cancelled: "The fetch was given up."
        }
    }
}
