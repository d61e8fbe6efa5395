import ByteCoding
public import Metainfo

/// Which announces to list; a nil leaves its field open.
public struct AnnounceFilter: Sendable {
    /// Only those of this torrent.
    public var hash: InfoHash?
    /// Only those that did this.
    public var act: AnnounceAct?
    /// Only those whose address begins with this text or whose client has it in its name, in either case.
    public var text: String?
    /// Only those that came this way.
    public var transport: TrackerTransport?

    /// A filter by its fields; without any it lets everything through.
    public init(
        hash: InfoHash? = nil, act: AnnounceAct? = nil, text: String? = nil, transport: TrackerTransport? = nil
    ) {
        self.hash = hash
        self.act = act
        self.text = text
        self.transport = transport
    }

    /// Whether a record can pass, by the fields that need no text.
    func admits(_ logged: LoggedAnnounce) -> Bool {
        (hash == nil || hash == logged.hash) && (act == nil || act == logged.act)
            && (transport == nil || transport == logged.transport)
    }

    /// Whether a record passes by its text.
    func admitsText(of record: AnnounceRecord) -> Bool {
        guard let text = text?.lowercased(), !text.isEmpty else { return true }
        return record.endpoint.address.description.hasPrefix(text) || record.client.lowercased().contains(text)
    }
}
