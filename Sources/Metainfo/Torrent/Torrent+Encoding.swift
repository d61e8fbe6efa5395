import Bencode

extension Torrent {
    /// The .torrent file: keys sorted, `info` exactly as it is. `announce` is the first URL of the first tier, and
    /// `announce-list` is written where there is more than one URL. `extraFields` are added to those of the torrent.
    /// Clip indexes are written as far as `MetainfoLimits.default` lets readers take them.
    public func encoded(extraFields added: [String: [UInt8]] = [:]) -> [UInt8] {
        let tiers = announceTiers.filter { !$0.isEmpty }
        var fields: [String: BencodeTree?] = [
            "announce": tiers.first?.first.map { .string($0) },
            "announce-list": tiers.reduce(0) { $0 + $1.count } > 1
                ? .list(tiers.map { .list($0.map { .string($0) }) }) : nil,
            "clip-index": clipIndexTree,
            "comment": comment.map { .string($0) },
            "created by": createdBy.map { .string($0) },
            "creation date": creationDate.map { .integer($0) },
            "info": .encoded(infoBytes),
            "nodes": nodes.isEmpty ? nil : .list(nodes.map { .list([.string($0.host), .integer(Int64($0.port))]) }),
            "piece layers": info.hasV2 ? .dictionary(pieceLayers.mapValues { .bytes($0) }) : nil,
            "url-list": webSeeds.isEmpty ? nil : .list(webSeeds.map { .string($0) }),
        ]
        for (key, value) in extraFields.merging(added, uniquingKeysWith: { _, new in new })
        where !Self.ownKeys.contains(key) {
            fields[key] = .bytes(value)
        }
        return BencodeTree.dictionary(fields).encoded()
    }
}
