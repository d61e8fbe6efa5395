import Metainfo
import PeerWire

/// What a peer of a torrent that is downloaded has told, checked as far as one conversation can check it.
enum PeerEvent: Equatable, Sendable {
    /// These are all the pieces it has.
    case owns(Bitfield)
    /// It has got a piece.
    case ownsPiece(PieceIndex)
    /// It has a piece no longer (BEP 54).
    case lostPiece(PieceIndex)
    /// It answers no requests any more.
    case choked
    /// It answers requests.
    case unchoked
    /// It will not answer this request (BEP 6).
    case rejected(BlockRequest)
    /// It answers requests for this piece although it chokes us (BEP 6).
    case allowedFast(PieceIndex)
    /// It would like to be asked for this piece (BEP 6).
    case suggested(PieceIndex)
    /// Its extension handshake has come; what it told stands in `PeerConnection.extensions`.
    case extensionHandshake
    /// A part of the torrent's `info`, or that there is none (BEP 9).
    case metadata(MetadataMessage)
    /// Other peers (BEP 11).
    case peerExchange(PeerExchangeMessage)
    /// The UDP port of its DHT node (BEP 5).
    case dhtPort(UInt16)
    /// It wants hashes (BEP 52).
    case hashRequest(HashRequest)
    /// Hashes we asked for, then their proof (BEP 52).
    case hashes(HashRequest, [UInt8])
    /// It does not send hashes (BEP 52).
    case hashReject(HashRequest)
}
