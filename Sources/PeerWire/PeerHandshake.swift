import ByteCoding
public import Metainfo

/// The 68 bytes with which both ends of a connection begin (BEP 3).
public struct PeerHandshake: Hashable, Sendable {
    /// What a client can do beyond BEP 3.
    public struct Features: OptionSet, Hashable, Sendable {
        /// The eight reserved bytes as one big-endian number.
        public let rawValue: UInt64

        /// Features by the reserved bytes.
        public init(rawValue: UInt64) { self.rawValue = rawValue }

        /// Messages of extensions (BEP 10).
        public static let extensions = Features(rawValue: 0x10_0000)
        /// The DHT, with the message `port` (BEP 5).
        public static let dht = Features(rawValue: 0x01)
        /// The fast extension (BEP 6).
        public static let fast = Features(rawValue: 0x04)
        /// Version 2 of a hybrid torrent (BEP 52).
        public static let v2 = Features(rawValue: 0x10)
    }

    /// The length of a handshake, in bytes.
    public static let byteCount = 68
    private static let head = [19] + Array("BitTorrent protocol".utf8)

    /// What the sender can do.
    public var features: Features
    /// The torrent.
    public var infoHash: InfoHash
    /// The sender's name for itself.
    public var peerID: PeerID

    /// A handshake by its fields.
    public init(features: Features, infoHash: InfoHash, peerID: PeerID) {
        self.features = features
        self.infoHash = infoHash
        self.peerID = peerID
    }

    /// Reads the 68 bytes; more may follow them. Throws `notAHandshake` for anything else, and for fewer.
    public init(decoding bytes: RawSpan) throws(PeerWireError) {
        var reader = ByteReader(bytes)
        guard bytes.byteCount >= Self.byteCount, Self.mayBegin(with: bytes),
            (try? reader.skip(Self.head.count)) != nil, let reserved = try? reader.read(UInt64.self),
            let infoHash = try? InfoHash(from: &reader), let peerID = try? PeerID(from: &reader)
        else { throw .notAHandshake }
        self.init(features: Features(rawValue: reserved), infoHash: infoHash, peerID: peerID)
    }

    /// Whether bytes that have come so far can still become a handshake: false as soon as one of the first 20 is wrong.
    public static func mayBegin(with bytes: RawSpan) -> Bool {
        var reader = ByteReader(bytes)
        for expected in head {
            guard let byte = try? reader.read(UInt8.self) else { return true }
            if byte != expected { return false }
        }
        return true
    }

    /// The torrent a handshake names, once 48 bytes have come; nil before.
    public static func infoHash(in bytes: RawSpan) -> InfoHash? {
        var reader = ByteReader(bytes)
        guard (try? reader.skip(head.count + 8)) != nil else { return nil }
        return try? InfoHash(from: &reader)
    }

    /// Whether the fast extension is supported (BEP 6).
    public var supportsFast: Bool { features.contains(.fast) }
    /// Whether extension messages are supported (BEP 10).
    public var supportsExtensions: Bool { features.contains(.extensions) }
    /// Whether the DHT is supported (BEP 5).
    public var supportsDHT: Bool { features.contains(.dht) }

    /// Appends the 68 bytes.
    public func encode(into out: inout [UInt8]) {
        out += Self.head
        out.append(bigEndian: features.rawValue)
        infoHash.append(to: &out)
        peerID.append(to: &out)
    }
}
