/// What the check of a piece found.
enum VerifyOutcome: Sendable {
    /// It is good and written. Digests of its blocks when they were asked for.
    case good(digests: BlockDigests?)
    /// It is not what the torrent says. Nothing was written.
    case bad(BadPiece)
    /// It matches one version of a hybrid and not the other: the torrent is broken.
    case inconsistent
    /// Nothing is known yet to check it against.
    case unverifiable
    /// It could not be read back or, good as it is, not be written; it can be tried again.
    case failed(StorageError)
}

/// A piece that is not what the torrent says.
struct BadPiece: Sendable, Equatable {
    /// The digests of its blocks, to find out later who sent the bad ones.
    let digests: BlockDigests
    /// The numbers of the bad blocks when the hash of each block is known; nil when only the piece's is.
    let blocks: [Int]?
}

/// The digests of a piece's blocks of 16 KiB, side by side: SHA-256 where the torrent has trees, SHA-1 elsewhere.
struct BlockDigests: Sendable, Hashable {
    /// Bytes of one digest: 20 or 32.
    let digestLength: Int
    /// The digests.
    let bytes: [UInt8]

    /// How many there are.
    var count: Int { digestLength > 0 ? bytes.count / digestLength : 0 }

    /// The digest of one block; nil when there is none.
    subscript(block: Int) -> ArraySlice<UInt8>? {
        guard block >= 0, block < count else { return nil }
        return bytes[block * digestLength..<(block + 1) * digestLength]
    }
}
