import Metainfo

/// The latest completions, so that a client that leaves and comes back, or announces twice, is not counted again.
///
/// A fixed number of places: a newer completion takes the place of an older one of the same hash.
struct RecentCompletions: Sendable {
    private static let placeCount = 1024
    private var places: [UInt64] = []

    /// Notes a completion; false when it was noted before.
    mutating func isNew(_ hash: InfoHash, peerTag: UInt32) -> Bool {
        var hasher = Hasher()
        hasher.combine(hash)
        hasher.combine(peerTag)
        let code = UInt64(bitPattern: Int64(hasher.finalize())) | 1
        if places.isEmpty { places = [UInt64](repeating: 0, count: Self.placeCount) }
        let place = Int(code >> 1 & UInt64(Self.placeCount - 1))
        guard places[place] != code else { return false }
        places[place] = code
        return true
    }
}
