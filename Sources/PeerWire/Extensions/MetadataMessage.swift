import Bencode

/// A message about the torrent's `info`, which is sent in blocks of 16 KiB (BEP 9).
public enum MetadataMessage: Hashable, Sendable {
    /// The sender wants a block.
    case request(piece: Int)
    /// A block, and how long the whole is.
    case data(piece: Int, totalSize: Int, block: [UInt8])
    /// A block will not be sent.
    case reject(piece: Int)
    /// A message of another type, to be ignored.
    case unknown(type: Int64)

    /// The length of every block but the last, in bytes.
    public static let blockLength = 16 << 10
    /// The longest message, in bytes.
    public static let maximumLength = 17 << 10

    /// Reads a payload. Throws `badExtension` when it is longer than 17 KiB or no dictionary, when a piece is
    /// negative, or when data comes with more than a block or with a size beyond 4 MiB.
    public init(decoding payload: some Collection<UInt8>) throws(PeerWireError) {
        let bytes = Array(payload.prefix(Self.maximumLength + 1))
        guard bytes.count <= Self.maximumLength, let document = try? BencodeDocument(prefixOf: bytes),
            let type = document.root["msg_type"]?.integer
        else { throw .badExtension }
        guard (0...2).contains(type) else {
            self = .unknown(type: type)
            return
        }
        let pieces = ExtensionHandshake.maximumMetadataSize / Self.blockLength
        guard let number = document.root["piece"]?.integer, number >= 0 else { throw .badExtension }
        let piece = Int(number)
        switch type {
        case 0: self = .request(piece: piece)
        case 1:
            guard piece < pieces, let total = document.root["total_size"]?.integer,
                (1...Int64(ExtensionHandshake.maximumMetadataSize)).contains(total),
                bytes.count - document.byteCount <= Self.blockLength
            else { throw .badExtension }
            self = .data(piece: piece, totalSize: Int(total), block: Array(bytes[document.byteCount...]))
        default: self = .reject(piece: piece)
        }
    }

    /// The payload.
    public func encoded() -> [UInt8] {
        switch self {
        case .request(let piece): Self.head(type: 0, piece: piece)
        case .data(let piece, let totalSize, let block):
            Self.head(type: 1, piece: piece, totalSize: totalSize) + block
        case .reject(let piece): Self.head(type: 2, piece: piece)
        case .unknown(let type): BencodeTree.dictionary(["msg_type": .integer(type)]).encoded()
        }
    }

    /// The block of an `info` to be sent: the data, or a reject where there is no such block.
    public static func answer(toRequestFor piece: Int, of infoBytes: [UInt8]) -> MetadataMessage {
        let (start, overflow) = piece.multipliedReportingOverflow(by: blockLength)
        guard piece >= 0, !overflow, start < infoBytes.count else { return .reject(piece: piece) }
        let end = min(infoBytes.count, start + blockLength)
        return .data(piece: piece, totalSize: infoBytes.count, block: Array(infoBytes[start..<end]))
    }

    private static func head(type: Int64, piece: Int, totalSize: Int? = nil) -> [UInt8] {
        BencodeTree.dictionary([
            "msg_type": .integer(type),
            "piece": .integer(Int64(piece)),
            "total_size": totalSize.map { .integer(Int64($0)) },
        ]).encoded()
    }
}
