import ByteCoding
import Metainfo

extension PeerMessage {
    /// Reads one whole message, without its length prefix. Data and payloads are copied.
    /// Throws `wrongLength` when the length does not fit the kind.
    public init(decoding body: ArraySlice<UInt8>, limits: PeerMessageLimits = .default) throws(PeerWireError) {
        // Bytes have no padding, the one thing that makes the raw view of a span unsafe.
        try self.init(decoding: unsafe body.span.bytes, limits: limits)
    }

    /// Reads one whole message, without its length prefix, from memory. Messages of fixed length allocate nothing.
    /// Throws `wrongLength` when the length does not fit the kind.
    public init(decoding body: RawSpan, limits: PeerMessageLimits = .default) throws(PeerWireError) {
        var reader = ByteReader(body)
        guard let id = try? reader.read(UInt8.self) else {
            self = .keepAlive
            return
        }
        let wrongLength = PeerWireError.wrongLength(id: id, length: body.byteCount)
        guard limits.lengths(ofKind: id).contains(body.byteCount) else { throw wrongLength }
        do throws(ByteReaderError) {
            self = try Self.message(id, &reader)
        } catch {
            throw wrongLength
        }
    }

    private static func message(_ id: UInt8, _ reader: inout ByteReader) throws(ByteReaderError) -> PeerMessage {
        switch id {
        case 0: return .choke
        case 1: return .unchoke
        case 2: return .interested
        case 3: return .notInterested
        case 4: return .have(PieceIndex(try reader.read()))
        case 5: return .bitfield(reader.readRemaining())
        case 6: return .request(try BlockRequest(from: &reader))
        case 7:
            let piece = PieceIndex(try reader.read())
            return .piece(piece, begin: try reader.read(), data: reader.readRemaining()[...])
        case 8: return .cancel(try BlockRequest(from: &reader))
        case 9: return .port(try reader.read())
        case 13: return .suggest(PieceIndex(try reader.read()))
        case 14: return .haveAll
        case 15: return .haveNone
        case 16: return .reject(try BlockRequest(from: &reader))
        case 17: return .allowedFast(PieceIndex(try reader.read()))
        case 20: return .extended(id: try reader.read(), payload: reader.readRemaining()[...])
        case 21: return .hashRequest(try HashRequest(from: &reader))
        case 22:
            let request = try HashRequest(from: &reader)
            return .hashes(request, reader.readRemaining())
        case 23: return .hashReject(try HashRequest(from: &reader))
        default: return .unknown(id: id)
        }
    }
}

extension BlockRequest {
    init(from reader: inout ByteReader) throws(ByteReaderError) {
        piece = PieceIndex(try reader.read())
        begin = try reader.read()
        length = try reader.read()
    }
}
