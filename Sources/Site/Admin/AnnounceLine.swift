public import ByteCoding
public import Catalog
public import Metainfo

/// One announce as the log of the tracker has it.
public struct AnnounceLine: Sendable, Equatable {
    /// What an announce was for.
    public enum Act: String, Sendable, CaseIterable {
        /// A client that begins (`started`).
        case register
        /// The regular announce of one that still fetches.
        case need
        /// The regular announce of one that wants no more.
        case update
        /// A download that just finished (`completed`).
        case complete
        /// A client that leaves (`stopped`).
        case exit
        /// An announce that was refused.
        case refused
    }

    /// How an announce came.
    public enum Transport: String, Sendable, CaseIterable {
        /// BEP 15.
        case udp
        /// BEP 3.
        case http
    }

    /// When it came.
    public var at: Timestamp
    /// The torrent it named, whether we know it or not.
    public var hash: InfoHash
    /// Where the peer says it listens; the address is the one it came from.
    public var endpoint: Endpoint
    /// The first eight bytes of the peer id as printable ASCII; text from outside, empty when unknown.
    public var client: String
    /// What it was for.
    public var act: Act
    /// How it came.
    public var transport: Transport
    /// Bytes the client says it has sent since it began.
    public var uploaded: UInt64
    /// Bytes the client says it has fetched since it began.
    public var downloaded: UInt64
    /// Bytes the client says it still lacks; `UInt64.max` when it does not know.
    public var left: UInt64
    /// How many peers it was given.
    public var given: Int
    /// The sentence it was refused with.
    public var refusal: String?

    /// One line of the log.
    public init(
        at: Timestamp, hash: InfoHash, endpoint: Endpoint, client: String, act: Act, transport: Transport,
        uploaded: UInt64 = 0, downloaded: UInt64 = 0, left: UInt64 = 0, given: Int = 0, refusal: String? = nil
    ) {
        self.at = at
        self.hash = hash
        self.endpoint = endpoint
        self.client = client
        self.act = act
        self.transport = transport
        self.uploaded = uploaded
        self.downloaded = downloaded
        self.left = left
        self.given = given
        self.refusal = refusal
    }
}
