import Catalog
import HTTPTypes
import HTTPWire
import Publishing
import Store
import WebServer

/// Takes an import on: words, and a .torrent or a magnet link, checked before anything is kept.
struct ImportReceiver: Sendable {
    /// The largest .torrent, in bytes.
    private static let torrentLimit = 10_000_000

    let site: SiteContext
    let owner: User

    /// Reads the form's parts: `title`, `description`, `tags`, `magnet`, and `torrent` as a file.
    func receive(_ parts: UploadParts) async throws -> Import {
        var parts = parts
        var words = UploadWords()
        var magnet = ""
        var torrent: [UInt8] = []
        while let part = try await parts.nextPart() {
            switch part.name {
            case "torrent": torrent = try await Self.bytes(&parts)
            case "magnet": magnet = try await parts.text()
            default:
                let text = try await parts.text()
                if UploadWords.names.contains(part.name) { words.fields[part.name] = text }
            }
        }
        return try await start(torrent.isEmpty ? Array(magnet.utf8) : torrent, words)
    }

    /// Takes on what was sent, a .torrent's bytes or a magnet link.
    func start(_ source: [UInt8], _ words: UploadWords) async throws -> Import {
        try words.check()
        guard try await site.settings.current().bittorrentEnabled else {
            throw HTTPError(
                .conflict, code: "bittorrent_off", message: "BitTorrent is switched off on this site.")
        }
        let checked = try ImportSource(source)
        let new = NewImport(
            ownerID: owner.id, source: checked.bytes, infoHash: checked.infoHash, name: checked.name ?? "",
            words: ImportWords(
                title: words.fields["title"] ?? "", description: words.fields["description"] ?? "",
                tags: try Tag.parse(commaSeparated: words.fields["tags"] ?? "").map(\.rawValue)))
        return try await site.store.imports.add(new)
    }

    private static func bytes(_ parts: inout UploadParts) async throws -> [UInt8] {
        var whole: [UInt8] = []
        while let data = try await parts.nextData() {
            guard data.count <= torrentLimit - whole.count else {
                throw HTTPError(
                    .contentTooLarge, code: "torrent_too_large", message: "A .torrent has at most 10 MB.")
            }
            whole += data
        }
        return whole
    }
}
