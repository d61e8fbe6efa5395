import ByteCoding
import Dialling
import Foundation
import Logging
import Metainfo

/// What somebody names when they want something: a .torrent file, a magnet link, or the URL of a .torrent.
struct MediaSource: Sendable {
    private static let timeout: Duration = .seconds(60)

    let text: String
    let allowsPrivateAddresses: Bool
    let logger: Logger

    /// What it leads to. Throws `badSource` with a sentence that names it.
    func resolve() async throws(SpaceError) -> SpaceFolder.Known {
        let lower = text.prefix(8).lowercased()
        if lower.hasPrefix("magnet:") { return .magnet(try magnet()) }
        if lower.hasPrefix("http://") || lower.hasPrefix("https://") { return .torrent(try await fetched()) }
        if lower.hasPrefix("file:") {
            guard let url = URL(string: text), url.isFileURL else { throw unreadable }
            return .torrent(try file(url.path(percentEncoded: false)))
        }
        if FileFacts(text) == nil, text.utf8.count == 40, Hex.decode(text) != nil { return .magnet(try magnet()) }
        return .torrent(try file(text))
    }

    private var unreadable: SpaceError { SpaceError(.badSource, "\(text) cannot be read.") }

    private func magnet() throws(SpaceError) -> MagnetLink {
        do throws(MagnetError) {
            return try MagnetLink(text)
        } catch {
            throw SpaceError(.badSource, "That is no usable magnet link: \(error).")
        }
    }

    private func file(_ path: String) throws(SpaceError) -> Torrent {
        guard let bytes = SpaceFolder.read(path, limit: MetainfoLimits.default.bytes) else { throw unreadable }
        return try torrent(bytes)
    }

    private func fetched() async throws(SpaceError) -> Torrent {
        let fetcher = Fetcher(
            rules: DialRules(allowsPrivateAddresses: allowsPrivateAddresses, lowestPort: 1), logger: logger)
        let answer: Result<Fetched, FetchError>
        do {
            answer = .success(try await fetcher.get(text, limit: MetainfoLimits.default.bytes, timeout: Self.timeout))
        } catch {
            answer = .failure(error)
        }
        await fetcher.shutdown()
        switch answer {
        case .failure(let error): throw SpaceError(.badSource, "\(text) cannot be fetched. \(error)")
        case .success(let fetched) where fetched.status == 200: return try torrent(fetched.body)
        case .success(let fetched):
            throw SpaceError(.badSource, "\(text) cannot be fetched: the server answered \(fetched.status).")
        }
    }

    private func torrent(_ bytes: [UInt8]) throws(SpaceError) -> Torrent {
        do {
            return try Torrent(decoding: bytes)
        } catch {
            throw SpaceError(.badSource, "\(text) is no usable .torrent file: \(error).")
        }
    }
}
