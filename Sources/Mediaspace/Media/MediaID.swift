public import Metainfo

/// What a film or folder is called in a space: the info hash of its torrent, as peers use it.
///
/// The same content made into a torrent the same way has the same id everywhere.
public struct MediaID: Hashable, Sendable {
    /// The hash in handshakes and announces: of version 1, or the first 20 bytes of that of version 2 (BEP 52).
    public let infoHash: InfoHash

    /// The id of the torrent with this hash.
    public init(_ infoHash: InfoHash) { self.infoHash = infoHash }
}

extension MediaID: LosslessStringConvertible {
    /// An id from 40 hexadecimal digits, either case; nil for anything else.
    public init?(_ text: String) {
        guard let hash = InfoHash(hex: text) else { return nil }
        self.init(hash)
    }

    /// The 40 hexadecimal digits, lower case.
    public var description: String { infoHash.hex }
}

extension MediaID: Comparable {
    /// The order of the bytes.
    public static func < (left: MediaID, right: MediaID) -> Bool { left.infoHash < right.infoHash }
}

extension MediaID: Codable {
    /// Reads 40 hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = MediaID(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no info hash"))
        }
        self = id
    }

    /// Writes 40 hexadecimal digits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
