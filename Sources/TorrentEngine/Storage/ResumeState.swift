import Metainfo

/// What is kept of a download between two runs, bencoded in a file beside it.
struct ResumeState: Hashable, Sendable {
    /// The hash by which the torrent is known on the wire.
    var infoHash: InfoHash
    /// The raw `info` dictionary, so that a magnet needs no peer for it again; nil while it is not known.
    var infoBytes: [UInt8]?
    /// The piece layers by file root, 32 bytes a piece (BEP 52).
    var pieceLayers: [[UInt8]: [UInt8]] = [:]
    /// The good pieces; nil while there is no metadata.
    var have: Bitfield?
    /// What the files were when this was noted, by their number; nil for padding and those that were not there.
    var files: [FileFacts?] = []
    /// Unfinished pieces with blocks on the disk.
    var partials: [PartialPiece] = []
    /// The bytes wanted, the most urgent first; nil for everything.
    var wanted: [Range<Int64>]?
    /// Whether they are wanted in order.
    var isInOrder = false
    /// Content bytes sent and received since the torrent was added.
    var uploaded: Int64 = 0
    var downloaded: Int64 = 0
    /// Bytes received in vain.
    var wasted: Int64 = 0
    /// Whether it was paused.
    var isPaused = false
    /// The run of the machine in which it was saved; after another one only what is on the disk itself counts.
    var bootID: [UInt8] = []
    /// Whether all content was on the disk itself when it was saved.
    var isSynchronized = false

    init(infoHash: InfoHash) { self.infoHash = infoHash }
}
