import ByteCoding
public import Metainfo

extension PeerMessage {
    /// How many bytes stand before the data of a piece message, length prefix included.
    public static let pieceHeaderByteCount = 13

    /// Appends the message, length prefix included.
    public func encode(into out: inout [UInt8]) {
        let start = out.count
        out.append(bigEndian: UInt32(0))
        if let id { out.append(id) }
        appendContent(to: &out)
        let length = UInt32(clamping: out.count - start - 4)
        for index in 0..<4 { out[start + index] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * index)) }
    }

    /// The message, length prefix included.
    public func encoded() -> [UInt8] {
        var out: [UInt8] = []
        encode(into: &out)
        return out
    }

    /// Appends what stands before the data of a piece message, 13 bytes, so that the data can be read to its place.
    public static func appendPieceHeader(piece: PieceIndex, begin: UInt32, dataLength: Int, to out: inout [UInt8]) {
        out.append(bigEndian: UInt32(clamping: dataLength + 9))
        out.append(7)
        out.append(bigEndian: piece.rawValue)
        out.append(bigEndian: begin)
    }

    /// Stores what `appendPieceHeader` appends; false when it does not fit.
    @_lifetime(out: copy out)
    public static func storePieceHeader(
        piece: PieceIndex, begin: UInt32, dataLength: Int, into out: inout MutableRawSpan, at offset: Int
    ) -> Bool {
        guard offset >= 0, offset <= out.byteCount - pieceHeaderByteCount else { return false }
        return out.store(bigEndian: UInt32(clamping: dataLength + 9), at: offset)
            && out.store(bigEndian: UInt8(7), at: offset + 4)
            && out.store(bigEndian: piece.rawValue, at: offset + 5) && out.store(bigEndian: begin, at: offset + 9)
    }

    private func appendContent(to out: inout [UInt8]) {
        switch self {
        case .keepAlive, .choke, .unchoke, .interested, .notInterested, .haveAll, .haveNone, .unknown: break
        case .have(let piece), .suggest(let piece), .allowedFast(let piece): out.append(bigEndian: piece.rawValue)
        case .bitfield(let bytes): out += bytes
        case .request(let block), .cancel(let block), .reject(let block):
            for field in [block.piece.rawValue, block.begin, block.length] { out.append(bigEndian: field) }
        case .piece(let piece, let begin, let data):
            out.append(bigEndian: piece.rawValue)
            out.append(bigEndian: begin)
            out += data
        case .port(let port): out.append(bigEndian: port)
        case .extended(let id, let payload):
            out.append(id)
            out += payload
        case .hashRequest(let request), .hashReject(let request): request.append(to: &out)
        case .hashes(let request, let hashes):
            request.append(to: &out)
            out += hashes
        }
    }
}
