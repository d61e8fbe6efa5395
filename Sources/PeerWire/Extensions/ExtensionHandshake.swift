import Bencode
public import ByteCoding

/// The payload of extension message 0 (BEP 10): which extensions the sender takes under which id, and facts about it.
public struct ExtensionHandshake: Hashable, Sendable {
    /// Message ids by extension name; id 0 switches an extension off.
    public var messageIDs: [String: UInt8]
    /// The client's name and version, to show.
    public var client: String?
    /// The port on which the client listens.
    public var listenPort: UInt16?
    /// The receiver's address as the sender sees it.
    public var yourIP: IPAddress?
    /// How many requests the sender keeps waiting (`reqq`).
    public var requestQueue: Int?
    /// How long the torrent's `info` is, 1 byte to 4 MiB (BEP 9); other sizes are as if there were none.
    public var metadataSize: Int?
    /// Whether the sender has all it wants (BEP 21).
    public var isUploadOnly: Bool

    /// The longest `info` that is got from peers, in bytes.
    public static let maximumMetadataSize = 4 << 20
    private static let maximumNames = 64

    /// A handshake by its fields.
    public init(
        messageIDs: [String: UInt8] = [:], client: String? = nil, listenPort: UInt16? = nil, yourIP: IPAddress? = nil,
        requestQueue: Int? = nil, metadataSize: Int? = nil, isUploadOnly: Bool = false
    ) {
        self.messageIDs = messageIDs
        self.client = client
        self.listenPort = listenPort
        self.yourIP = yourIP
        self.requestQueue = requestQueue
        self.metadataSize = metadataSize
        self.isUploadOnly = isUploadOnly
    }

    /// Reads the payload. Throws `badExtension` when it is no dictionary; fields of no use are left out.
    public init(decoding payload: some Collection<UInt8>) throws(PeerWireError) {
        guard let document = try? BencodeDocument(prefixOf: Array(payload)), document.root.dictionary != nil else {
            throw .badExtension
        }
        let root = document.root
        self.init(
            messageIDs: Self.messageIDs(root),
            client: root["v"]?.bytes.map { String(decoding: $0.prefix(128), as: UTF8.self) },
            listenPort: root["p"]?.integer.flatMap { UInt16(exactly: $0) }.flatMap { $0 > 0 ? $0 : nil },
            yourIP: root["yourip"]?.bytes.flatMap { IPAddress(bytes: $0) },
            requestQueue: root["reqq"]?.integer.flatMap { (1...1 << 20).contains($0) ? Int($0) : nil },
            metadataSize: root["metadata_size"]?.integer.flatMap {
                (1...Int64(Self.maximumMetadataSize)).contains($0) ? Int($0) : nil
            },
            isUploadOnly: root["upload_only"]?.integer == 1)
    }

    private static func messageIDs(_ root: BencodeValue) -> [String: UInt8] {
        var ids: [String: UInt8] = [:]
        guard let entries = root["m"]?.dictionary else { return ids }
        for (key, value) in entries where ids.count < maximumNames {
            guard key.count <= 64, let id = value.integer.flatMap({ UInt8(exactly: $0) }),
                let name = String(validating: key, as: UTF8.self)
            else { continue }
            ids[name] = id
        }
        return ids
    }

    /// The id under which the sender takes an extension; nil when it does not.
    public func messageID(of name: String) -> UInt8? { messageIDs[name].flatMap { $0 == 0 ? nil : $0 } }

    /// The payload.
    public func encoded() -> [UInt8] {
        BencodeTree.dictionary([
            "m": .dictionary(messageIDs.mapValues { .integer(Int64($0)) }),
            "metadata_size": metadataSize.map { .integer(Int64($0)) },
            "p": listenPort.map { .integer(Int64($0)) },
            "reqq": requestQueue.map { .integer(Int64($0)) },
            "upload_only": isUploadOnly ? .integer(1) : nil,
            "v": client.map { .string($0) },
            "yourip": yourIP.map { .bytes($0.bytes) },
        ]).encoded()
    }
}
