import Bencode

extension Torrent {
    /// Reads a .torrent file (BEP 3, 5, 12, 19, 52). Outer fields that are malformed are left out; a fault in `info` or
    /// in the piece layers refuses the torrent.
    public init(decoding bytes: [UInt8], limits: MetainfoLimits = .default) throws(MetainfoError) {
        let document = try BencodeDocument.metainfo(bytes, limits: limits)
        let root = document.root
        guard let infoValue = root["info"] else { throw .missing(key: "info") }
        let info = try TorrentInfo(infoValue, limits: limits)
        self.init(
            info: info, infoBytes: Array(infoValue.rawBytes), pieceLayers: try Self.pieceLayers(root, of: info))
        announceTiers = Self.announceTiers(root, limits: limits)
        webSeeds = Self.webSeeds(root, limits: limits)
        nodes = Self.nodes(root, limits: limits)
        creationDate = root["creation date"]?.integer.flatMap { $0 >= 0 ? $0 : nil }
        createdBy = (root["created by.utf-8"] ?? root["created by"])?.string
        comment = (root["comment.utf-8"] ?? root["comment"])?.string
        clipIndexes = Self.clipIndexes(root, of: info, limits: limits)
        extraFields = Self.extraFields(root, limits: limits)
    }

    /// Tiers of usable URLs, each URL once; `announce` counts only where there is no `announce-list` (BEP 12).
    private static func announceTiers(_ root: BencodeValue, limits: MetainfoLimits) -> [[String]] {
        var known: Set<String> = []
        func isNew(_ url: String) -> Bool { known.count < limits.urls && known.insert(url).inserted }
        var tiers: [[String]] = []
        guard let field = root["announce-list"] else {
            return root["announce"].flatMap { url($0, limits: limits) }.map { [[$0]] } ?? []
        }
        guard let list = field.list else { return [] }
        for tier in list where known.count < limits.urls {
            // Some programs write a plain list of URLs: each is then a tier.
            let members = tier.list.map { Array($0.prefix(limits.urls)) } ?? [tier]
            let urls = members.compactMap { url($0, limits: limits) }.filter(isNew)
            if !urls.isEmpty { tiers.append(urls) }
        }
        return tiers
    }

    private static func webSeeds(_ root: BencodeValue, limits: MetainfoLimits) -> [String] {
        guard let field = root["url-list"] else { return [] }
        if let single = url(field, limits: limits) { return [single] }
        var urls: [String] = []
        if let list = field.list {
            for member in list where urls.count < limits.urls {
                if let url = url(member, limits: limits), !urls.contains(url) { urls.append(url) }
            }
        }
        return urls
    }

    /// Text without spaces or control characters, not empty and not too long. Whether it may be contacted is for the
    /// dialler to decide.
    private static func url(_ value: BencodeValue, limits: MetainfoLimits) -> String? {
        guard let text = value.string, (1...limits.urlLength).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f })
        else { return nil }
        return text
    }

    private static func nodes(_ root: BencodeValue, limits: MetainfoLimits) -> [NodeAddress] {
        guard let list = root["nodes"]?.list else { return [] }
        var nodes: [NodeAddress] = []
        for entry in list where nodes.count < limits.urls {
            guard let pair = entry.list.map({ Array($0.prefix(3)) }), pair.count == 2, let host = pair[0].string,
                let port = pair[1].integer, let node = NodeAddress(host: host, port: port)
            else { continue }
            nodes.append(node)
        }
        return nodes
    }

    /// The layers of the files that are longer than a piece; each must be there and have one hash for each piece.
    private static func pieceLayers(_ root: BencodeValue, of info: TorrentInfo) throws(MetainfoError) -> [[UInt8]:
        [UInt8]]
    {
        guard info.hasV2 else { return [:] }
        var given: [[UInt8]: ArraySlice<UInt8>] = [:]
        if let field = root["piece layers"] {
            guard let entries = field.dictionary else { throw .badPieceLayers }
            for (key, value) in entries {
                guard key.count == 32, let hashes = value.bytes else { throw .badPieceLayers }
                given[Array(key)] = hashes
            }
        }
        var layers: [[UInt8]: [UInt8]] = [:]
        for file in info.files where file.length > Int64(info.pieceLength) {
            guard let root = file.piecesRoot, let hashes = given[root],
                Int64(hashes.count) == ((file.length - 1) / Int64(info.pieceLength) + 1) * 32
            else { throw .badPieceLayers }
            layers[root] = Array(hashes)
        }
        return layers
    }

    /// The byte strings under keys that are not ours, as many as there may be URLs.
    private static func extraFields(_ root: BencodeValue, limits: MetainfoLimits) -> [String: [UInt8]] {
        var fields: [String: [UInt8]] = [:]
        guard let entries = root.dictionary else { return fields }
        for (key, value) in entries where fields.count < limits.urls {
            guard let name = String(validating: key, as: UTF8.self), !ownKeys.contains(name),
                let bytes = value.bytes
            else { continue }
            fields[name] = Array(bytes)
        }
        return fields
    }

    /// The keys this type has properties for, which no extra field may take.
    static let ownKeys: Set<String> = [
        "announce", "announce-list", "clip-index", "comment", "comment.utf-8", "created by", "created by.utf-8",
        "creation date", "info", "nodes", "piece layers", "url-list",
    ]
}
