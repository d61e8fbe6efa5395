import Metainfo

extension PieceTruth {
    /// The truth with the piece layers known at this moment.
    init(info: TorrentInfo, layers: PieceLayers, leafHashes: @escaping LeafHashes = { _ in nil }) {
        self.init(info: info, layerHash: { layers.root(of: $0).map { Array($0.hash) } }, leafHashes: leafHashes)
    }
}
