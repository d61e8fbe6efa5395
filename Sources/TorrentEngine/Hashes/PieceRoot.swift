/// What the bytes of one piece must hash to in version 2 (BEP 52).
struct PieceRoot: Hashable, Sendable {
    /// The root over the piece's 16 KiB blocks, 32 bytes.
    let hash: ArraySlice<UInt8>
    /// How many bytes of the piece are a file's; what follows in a hybrid is padding and is not hashed.
    let length: Int
    /// How many leaves the tree over the piece is padded to with zero leaves, a power of two.
    let width: Int
}
