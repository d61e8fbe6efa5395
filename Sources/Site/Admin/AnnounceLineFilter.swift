public import Metainfo

/// Which announces are wanted; what is nil or empty does not narrow.
public struct AnnounceLineFilter: Sendable, Equatable {
    /// Of one torrent.
    public var hash: InfoHash?
    /// Of one kind.
    public var act: AnnounceLine.Act?
    /// That came one way.
    public var transport: AnnounceLine.Transport?
    /// Beginning of an address, or part of the peer id's head.
    public var text: String

    /// All announces, unless told otherwise.
    public init(
        hash: InfoHash? = nil, act: AnnounceLine.Act? = nil, transport: AnnounceLine.Transport? = nil,
        text: String = ""
    ) {
        self.hash = hash
        self.act = act
        self.transport = transport
        self.text = text
    }
}
