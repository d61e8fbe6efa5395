import ByteCoding
public import Metainfo

/// The payload of `lt_donthave` (BEP 54): the sender has lost a piece.
public enum DontHaveMessage {
    /// The payload for a piece.
    public static func payload(of piece: PieceIndex) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: piece.rawValue)
        return bytes
    }

    /// The piece a payload names. Throws `badExtension` when it is not four bytes.
    public static func piece(in payload: ArraySlice<UInt8>) throws(PeerWireError) -> PieceIndex {
        guard payload.count == 4 else { throw .badExtension }
        return PieceIndex(payload.reduce(0) { $0 << 8 | UInt32($1) })
    }
}
