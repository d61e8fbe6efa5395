public import Logging
public import Metainfo

/// Reads the torrent that somebody names: a .torrent file, its URL, or a magnet link.
public enum TorrentSource {
    /// The torrent, clip indexes and all that stands around `info` among it. No peer is asked: of a magnet link only
    /// the .torrent that it names as its exact source (`xs`) is of use, and taken when it has the magnet's hashes.
    ///
    /// - Parameters:
    ///   - text: the path or file URL of a .torrent, its URL on the web, or a magnet link.
    ///   - allowsPrivateAddresses: whether URLs may lie in the own network, as where a person names them.
    /// - Throws: `badSource` with a sentence.
    public static func torrent(
        named text: String, allowsPrivateAddresses: Bool, logger: Logger
    ) async throws(SpaceError) -> Torrent {
        let source = MediaSource(text: text, allowsPrivateAddresses: allowsPrivateAddresses, logger: logger)
        switch try await source.resolve() {
        case .torrent(let torrent): return torrent
        case .magnet(let link):
            let exact = ExactSource(link: link, allowsPrivateAddresses: allowsPrivateAddresses, logger: logger)
            guard let torrent = await exact.torrent() else {
                throw SpaceError(.badSource, "That magnet link names no .torrent that could be fetched.")
            }
            return torrent
        }
    }
}
