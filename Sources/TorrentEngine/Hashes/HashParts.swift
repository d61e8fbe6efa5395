import Cryptography

/// The hashes of one file's piece layer, or of one piece's leaves, as far as they are there.
struct HashParts: Sendable {
    /// The hashes, 32 bytes each; zeros where none has come yet.
    private(set) var hashes: [UInt8]
    /// How many requests are still to be answered.
    private var missing: Int

    init(count: Int, requests: Int) {
        hashes = [UInt8](repeating: 0, count: count * MerkleTree.hashLength)
        missing = requests
    }

    /// Takes hashes that were checked; true when none is missing any more. What lies behind the end is padding.
    mutating func take(_ new: [UInt8], at index: Int, count: Int) -> Bool {
        let start = index * MerkleTree.hashLength
        let end = min(hashes.count, start + count * MerkleTree.hashLength)
        if start >= 0, start < end, end - start <= new.count {
            hashes.replaceSubrange(start..<end, with: new[..<(end - start)])
        }
        missing -= 1
        return missing <= 0
    }
}
