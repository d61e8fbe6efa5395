public import ByteCoding

/// A link that names a torrent by its hash (BEP 9, BEP 52, BEP 53).
public struct MagnetLink: Hashable, Sendable {
    /// The version 1 hash (`xt=urn:btih:`).
    public var infoHashV1: InfoHash?
    /// The version 2 hash (`xt=urn:btmh:1220`).
    public var infoHashV2: InfoHashV2?
    /// A name to show (`dn`); it never names a file.
    public var displayName: String?
    /// Tracker URLs (`tr`); each is a tier of its own.
    public var trackers: [String] = []
    /// Web seeds (`ws`, BEP 19).
    public var webSeeds: [String] = []
    /// Where the .torrent itself can be fetched (`xs`).
    public var exactSources: [String] = []
    /// Peers to begin with (`x.pe`), as IP addresses.
    public var peers: [Endpoint] = []
    /// The numbers of the files wanted (`so`, BEP 53), sorted; nil when all are, or none that is named can be.
    public var selectedFiles: [Int]?
    /// Nodes of the DHT to begin with (`dht`).
    public var dhtNodes: [NodeAddress] = []

    /// A link to a torrent; fill in the rest.
    public init(infoHashV1: InfoHash?, infoHashV2: InfoHashV2? = nil) {
        self.infoHashV1 = infoHashV1
        self.infoHashV2 = infoHashV2
    }

    /// The hash by which handshakes and announces name the torrent: of version 1 where there is one.
    public var wireHash: InfoHash? { infoHashV1 ?? infoHashV2?.truncated }
}

/// Why a text is not a magnet link.
public enum MagnetError: Error, Hashable, Sendable {
    /// It is neither a magnet URI nor a bare hash.
    case notAMagnet
    /// It is longer than 64 KiB.
    case tooLong
    /// A `%` is not followed by two hexadecimal digits.
    case badEscape
    /// A hash has the wrong length or other characters.
    case badInfoHash
    /// It names no torrent.
    case missingInfoHash
}

extension MagnetError: CustomStringConvertible {
    /// What is wrong, as the end of a sentence.
    public var description: String {
        switch self {
        case .notAMagnet: "it does not begin with magnet:?"
        case .tooLong: "it is longer than 64 KiB"
        case .badEscape: "a % is not followed by two hexadecimal digits"
        case .badInfoHash: "its info hash has the wrong length or other characters"
        case .missingInfoHash: "it names no torrent"
        }
    }
}
