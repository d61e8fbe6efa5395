public import Metainfo

/// One message between peers, without its length prefix (BEP 3, 5, 6, 10, 52).
public enum PeerMessage: Hashable, Sendable {
    /// A message without content that keeps the connection open.
    case keepAlive
    /// The sender will answer no requests.
    case choke
    /// The sender will answer requests.
    case unchoke
    /// The sender wants something the receiver has.
    case interested
    /// The sender wants nothing.
    case notInterested
    /// The sender has got a piece.
    case have(PieceIndex)
    /// Which pieces the sender has; `Bitfield(bytes:count:)` checks them against the torrent.
    case bitfield([UInt8])
    /// The sender wants a block.
    case request(BlockRequest)
    /// A block.
    case piece(PieceIndex, begin: UInt32, data: ArraySlice<UInt8>)
    /// The sender wants a block no longer.
    case cancel(BlockRequest)
    /// The UDP port of the sender's DHT node (BEP 5).
    case port(UInt16)
    /// A piece the receiver might ask for (BEP 6).
    case suggest(PieceIndex)
    /// The sender has every piece (BEP 6).
    case haveAll
    /// The sender has no piece (BEP 6).
    case haveNone
    /// A request will not be answered (BEP 6).
    case reject(BlockRequest)
    /// A piece that may be asked for while choked (BEP 6).
    case allowedFast(PieceIndex)
    /// A message of an extension; id 0 is the extension handshake (BEP 10).
    case extended(id: UInt8, payload: ArraySlice<UInt8>)
    /// The sender wants hashes (BEP 52).
    case hashRequest(HashRequest)
    /// Hashes, 32 bytes each, then the proof (BEP 52).
    case hashes(HashRequest, [UInt8])
    /// Hashes will not be sent (BEP 52).
    case hashReject(HashRequest)
    /// A message of no known kind.
    case unknown(id: UInt8)

    /// The number of the kind on the wire; nil for `keepAlive`.
    public var id: UInt8? {
        switch self {
        case .keepAlive: nil
        case .choke: 0
        case .unchoke: 1
        case .interested: 2
        case .notInterested: 3
        case .have: 4
        case .bitfield: 5
        case .request: 6
        case .piece: 7
        case .cancel: 8
        case .port: 9
        case .suggest: 13
        case .haveAll: 14
        case .haveNone: 15
        case .reject: 16
        case .allowedFast: 17
        case .extended: 20
        case .hashRequest: 21
        case .hashes: 22
        case .hashReject: 23
        case .unknown(let id): id
        }
    }
}
