import ByteCoding
import Catalog
import Metainfo
import Store

/// One announce as a sentence: `Transmission 3.00 at 198.51.… registered for “Film” over UDP, 0 % done, was given 12
/// peers`.
struct AnnounceWords {
    let line: AnnounceLine
    /// The torrent, where it is one of ours.
    let torrent: TorrentLine?
    let addresses: AddressWords

    /// What the template shows of it.
    var values: TemplateValue {
        [
            "time": .text(clock), "at": .text(line.at.description), "client": .text(ClientName.words(line.client)),
            "address": .text(addresses.words(line.endpoint)), "act": .text(line.act.rawValue), "verb": .text(verb),
            "torrent": torrent.map {
                [
                    "title": .text($0.videoTitle),
                    "address": .text($0.isPublished ? "/admin/torrents/\(line.hash)" : VideoPaths($0.videoSlug).page),
                ]
            } ?? .nothing,
            "unknown": .text(torrent == nil ? String(line.hash.hex.prefix(12)) : ""),
            "transport": .text(line.transport == .udp ? "UDP" : "HTTP"), "rest": .text(rest),
            "refusal": .optional(line.act == .refused ? TrackerWords.shown(line.refusal) ?? "no reason kept" : nil),
        ]
    }

    /// An announce as the filter names it.
    static func choice(_ act: AnnounceLine.Act) -> String {
        switch act {
        case .register: "Registered: a client began"
        case .need: "Needs peers: still fetching"
        case .update: "Still there: wants no more"
        case .complete: "Finished: has the whole film now"
        case .exit: "Left: a client stopped"
        case .refused: "Refused"
        }
    }

    private var clock: String { String(line.at.description.dropFirst(11).prefix(8)) }

    private var verb: String {
        switch line.act {
        case .register: "registered for"
        case .need: "asked for peers of"
        case .update: "is still there for"
        case .complete: "finished"
        case .exit: "left"
        case .refused: "was refused for"
        }
    }

    /// What stands behind the transport, with the comma before it.
    private var rest: String {
        guard line.act != .refused else { return "" }
        var parts: [String] = []
        if let done { parts.append("\(done) done") }
        if line.uploaded > 0 { parts.append("has sent \(ByteWords.decimal(line.uploaded))") }
        if line.downloaded > 0, line.act == .complete || line.act == .exit {
            parts.append("has fetched \(ByteWords.decimal(line.downloaded))")
        }
        if line.act != .exit, line.given > 0 || line.act == .register || line.act == .need {
            parts.append("was given \(peers)")
        }
        return parts.map { ", \($0)" }.joined()
    }

    private var done: String? {
        if line.left == 0 { return PercentWords.of(1) }
        guard let size = torrent?.torrent.size, size > 0, line.left <= UInt64(size) else { return nil }
        // A client that lacks one byte of a large film is not done, whatever the rounding says.
        return PercentWords.of(min(0.99, 1 - Double(line.left) / Double(size)))
    }

    private var peers: String {
        switch line.given {
        case 0: "no peers"
        case 1: "1 peer"
        default: "\(ByteWords.grouped(line.given)) peers"
        }
    }
}
