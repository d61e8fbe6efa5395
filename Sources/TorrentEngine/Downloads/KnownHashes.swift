import Metainfo
import Synchronization

/// The version 2 hashes of a torrent as far as they are known: written on the loop, read by the hashing threads.
final class KnownHashes: Sendable {
    private struct State {
        var layers: PieceLayers?
        var leaves: [PieceIndex: [UInt8]] = [:]
    }

    /// Pieces whose leaves are kept at most.
    private static let piecesKept = 64
    private let state = Mutex(State())

    var layers: PieceLayers? { state.withLock(\.layers) }

    func set(_ layers: PieceLayers) { state.withLock { $0.layers = layers } }

    /// The hashes of all blocks of a piece, once they are known.
    func leaves(of piece: PieceIndex) -> [UInt8]? { state.withLock { $0.leaves[piece] } }

    func set(leaves: [UInt8], of piece: PieceIndex) {
        state.withLock { state in
            if state.leaves.count >= Self.piecesKept { state.leaves.removeAll() }
            state.leaves[piece] = leaves
        }
    }

    /// What the pieces of `info` must be.
    func truth(of info: TorrentInfo) -> PieceTruth {
        PieceTruth(
            info: info,
            layerHash: { piece in
                self.state.withLock { state in state.layers?.root(of: piece).map { Array($0.hash) } }
            },
            leafHashes: { piece in self.leaves(of: piece) })
    }
}
