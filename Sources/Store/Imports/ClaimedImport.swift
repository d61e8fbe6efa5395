public import Catalog

/// An import that one node works on: whoever holds its latest fence does, until the lease ends.
public struct ClaimedImport: Sendable, Equatable {
    /// What is imported.
    public let facts: Import
    /// The bytes of the .torrent, or the magnet link as text.
    public let source: [UInt8]
    /// Grows with every claim; an answer with an old fence changes nothing.
    public let fence: Int64
}
