public import Metainfo
import TorrentCreation

/// Where an import's film comes from: a .torrent or a magnet link, checked.
public enum ImportSource: Hashable, Sendable {
    /// A .torrent: what it says, and its bytes.
    case torrent(Torrent, bytes: [UInt8])
    /// A magnet link: what it says, the hash it names, and its text.
    case magnet(MagnetLink, InfoHash, text: String)

    /// Reads what a publisher gave: the bytes of a .torrent, or a magnet link or bare info hash as text.
    public init(_ bytes: [UInt8]) throws(PublishingError) {
        guard let first = bytes.first else { throw Self.refusal("Choose a .torrent file or paste a magnet link.") }
        if first == UInt8(ascii: "d") {
            do throws(MetainfoError) {
                self = .torrent(try Torrent(decoding: bytes), bytes: bytes)
                return
            } catch {
                // A bare info hash may begin with a d as well.
                if bytes.count > 100 { throw Self.refusal("This .torrent cannot be used: \(error).") }
            }
        }
        let text = Self.trimmed(bytes)
        do throws(MagnetError) {
            let link = try MagnetLink(text)
            guard let hash = link.wireHash else { throw MagnetError.missingInfoHash }
            self = .magnet(link, hash, text: text)
        } catch {
            throw Self.refusal("This is neither a .torrent nor a magnet link: \(error).")
        }
    }

    /// The bytes to keep: `init(_:)` reads them again.
    public var bytes: [UInt8] {
        switch self {
        case .torrent(_, let bytes): bytes
        case .magnet(_, _, let text): Array(text.utf8)
        }
    }

    /// The hash that peers know the torrent by.
    public var infoHash: InfoHash {
        switch self {
        case .torrent(let torrent, _): InfoHash(sha1Of: torrent.infoBytes)
        case .magnet(_, let hash, _): hash
        }
    }

    /// What it is called before its metadata is known.
    public var name: String? {
        switch self {
        case .torrent(let torrent, _): torrent.info.name
        case .magnet(let link, _, _): link.displayName
        }
    }

    /// Without white space at its ends, which pasting adds.
    private static func trimmed(_ bytes: [UInt8]) -> String {
        let isVisible = { (byte: UInt8) in byte > UInt8(ascii: " ") }
        guard let first = bytes.firstIndex(where: isVisible), let last = bytes.lastIndex(where: isVisible) else {
            return ""
        }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }

    private static func refusal(_ sentence: String) -> PublishingError {
        PublishingError(.invalid, sentence)
    }
}
