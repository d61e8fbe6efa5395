import Dialling
import Logging
import Metainfo
import TorrentCreation

/// The .torrent that a magnet names as its exact source (`xs`): it brings what peers cannot tell, such as the clip
/// index.
struct ExactSource: Sendable {
    private static let timeout: Duration = .seconds(10)
    private static let mostURLs = 3

    let link: MagnetLink
    let allowsPrivateAddresses: Bool
    let logger: Logger

    /// The first that is the magnet's torrent, with the magnet's trackers and web seeds; nil when none comes in 10 s.
    func torrent() async -> Torrent? {
        let urls = link.exactSources.filter { Self.isWeb($0) }.prefix(Self.mostURLs)
        guard !urls.isEmpty else { return nil }
        let fetcher = Fetcher(
            rules: DialRules(allowsPrivateAddresses: allowsPrivateAddresses, lowestPort: 1), logger: logger)
        let deadline = ContinuousClock.now + Self.timeout
        var found: Torrent?
        for url in urls where found == nil {
            let left = deadline - ContinuousClock.now
            guard left > .zero, !Task.isCancelled else { break }
            guard
                let answer = try? await fetcher.get(url, limit: MetainfoLimits.default.bytes, timeout: left),
                answer.status == 200, let torrent = try? Torrent(decoding: answer.body), isMeant(torrent)
            else { continue }
            found = torrent
        }
        await fetcher.shutdown()
        return found.map(withLink)
    }

    private static func isWeb(_ url: String) -> Bool {
        let lower = url.prefix(8).lowercased()
        return lower.hasPrefix("http://") || lower.hasPrefix("https://")
    }

    /// Whether it has all hashes that the magnet names.
    private func isMeant(_ torrent: Torrent) -> Bool {
        (link.infoHashV1 == nil || link.infoHashV1 == torrent.infoHashV1)
            && (link.infoHashV2 == nil || link.infoHashV2 == torrent.infoHashV2)
    }

    private func withLink(_ torrent: Torrent) -> Torrent {
        var torrent = torrent
        let known = Set(torrent.announceTiers.joined())
        torrent.announceTiers += link.trackers.filter { !known.contains($0) }.map { [$0] }
        torrent.webSeeds += link.webSeeds.filter { !torrent.webSeeds.contains($0) }
        return torrent
    }
}
