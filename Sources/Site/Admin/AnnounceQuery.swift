import ByteCoding
import Catalog
import HTTPWire
import Metainfo
import WebServer

/// What `/admin/announces` is asked for: the filter, as typed and as meant.
struct AnnounceQuery {
    /// How many lines may be asked for.
    static let limits = [100, 300, 1000]
    /// Seconds between two loads of a page that refreshes itself.
    static let refreshSeconds = 10

    /// What to look for.
    let filter: AnnounceLineFilter
    /// How many lines.
    let limit: Int
    /// Whether the page loads itself again.
    let refreshes: Bool
    let addresses: AddressWords

    /// Reads a query. What is no kind and no transport does not narrow.
    ///
    /// - Throws: 400 for a torrent that is no info hash, and for a text that is no plain one.
    init(_ fields: FormFields) throws {
        var filter = AnnounceLineFilter()
        filter.act = fields.first("act").flatMap { AnnounceLine.Act(rawValue: $0) }
        filter.transport = fields.first("transport").flatMap { AnnounceLine.Transport(rawValue: $0) }
        filter.text = try LibraryQuery(search: fields.first("text")).search.map { String($0.prefix(64)) } ?? ""
        if let text = try LibraryQuery(search: fields.first("torrent")).search {
            guard let hash = InfoHash(hex: text) else {
                throw HTTPError.badRequest(
                    "A torrent is named by its info hash, 40 hexadecimal digits.", code: "invalid_torrent")
            }
            filter.hash = hash
        }
        self.filter = filter
        limit = fields.first("limit").flatMap { Int($0) }.flatMap { Self.limits.contains($0) ? $0 : nil } ?? 100
        refreshes = fields.first("refresh") == "on"
        addresses = AddressWords(fields)
    }

    /// Whether anything narrows the list.
    var isNarrowed: Bool { filter != AnnounceLineFilter() }

    /// The same list with some things other.
    func address(limit: Int? = nil, refreshes: Bool? = nil, isWhole: Bool? = nil) -> String {
        var parts: [String] = []
        if let act = filter.act { parts.append("act=\(act.rawValue)") }
        if let hash = filter.hash { parts.append("torrent=\(hash)") }
        if let transport = filter.transport { parts.append("transport=\(transport.rawValue)") }
        if !filter.text.isEmpty { parts.append("text=" + PercentEncoding.encode(filter.text)) }
        if limit ?? self.limit != 100 { parts.append("limit=\(limit ?? self.limit)") }
        if isWhole ?? addresses.isWhole { parts.append("addresses=whole") }
        if refreshes ?? self.refreshes { parts.append("refresh=on") }
        return "/admin/announces" + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
    }
}
