public import Metainfo

/// A torrent the engine seeds: what it is called on the wire, how it is cut, and where its bytes and metadata are.
///
/// It costs a dictionary entry and nothing else until a peer asks for it.
public struct SeededTorrent: Sendable {
    /// The hash in handshakes.
    public let infoHash: InfoHash
    /// Other hashes under which the same torrent is found (the truncated v2 hash of a hybrid).
    public let aliases: [InfoHash]
    /// How the bytes are cut into pieces.
    public let layout: PieceLayout
    /// Where the bytes are.
    public let content: any ContentSource
    /// Reads the raw `info` dictionary for peers that come with a magnet link (BEP 9).
    let loadInfoBytes: @Sendable () async throws -> [UInt8]
    /// Reads the piece layers for peers that ask for hashes (BEP 52); nil for a torrent of version 1.
    public var loadPieceLayers: (@Sendable () async throws -> [[UInt8]: [UInt8]])?

    /// A torrent whose `info` bytes are read when the first peer connects. Bytes that do not hash to `infoHash`
    /// (or an alias) are never served.
    public init(
        infoHash: InfoHash, aliases: [InfoHash] = [], layout: PieceLayout, content: any ContentSource,
        loadPieceLayers: (@Sendable () async throws -> [[UInt8]: [UInt8]])? = nil,
        loadInfoBytes: @escaping @Sendable () async throws -> [UInt8]
    ) {
        self.infoHash = infoHash
        self.aliases = aliases
        self.layout = layout
        self.content = content
        self.loadPieceLayers = loadPieceLayers
        self.loadInfoBytes = loadInfoBytes
    }

    /// A torrent whose raw `info` bytes are kept in memory.
    public init(
        infoHash: InfoHash, aliases: [InfoHash] = [], infoBytes: [UInt8], layout: PieceLayout,
        content: any ContentSource
    ) {
        self.init(infoHash: infoHash, aliases: aliases, layout: layout, content: content) { infoBytes }
    }
}
