import Metainfo

/// What a peer's hashes turned out to be.
enum HashFetchOutcome: Hashable, Sendable {
    /// Nobody asked this peer for them, or another was quicker: ignore them.
    case unasked
    /// They do not lead to the file's root: the peer sends bad data.
    case bad
    /// They are right, but their file's layer is not complete yet.
    case stored
    /// A file's layer is complete; `HashFetch.layers` has it.
    case layer(root: [UInt8])
    /// The leaves of a piece, 32 bytes for each block of 16 KiB, to tell which blocks are bad.
    case leaves(PieceIndex, [UInt8])
}
