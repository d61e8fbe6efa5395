import Foundation
import Metainfo
import Synchronization

@testable import Publishing

/// A swarm that has whole files: what is wanted is written into the folder at once.
final class SwarmOfFiles: TorrentFetching {
    struct State: Sendable {
        var folder = ""
        var wanted: Range<Int64>?
        var isFetching = false
        var begun = 0
    }

    let torrent: Torrent
    let content: [UInt8]
    let failure: String?
    let state = Mutex(State())

    init(_ torrent: Torrent, content: [UInt8], failure: String? = nil) {
        self.torrent = torrent
        self.content = content
        self.failure = failure
    }

    func begin(_ source: ImportSource, hash: InfoHash, folder: String) async throws(PublishingError) {
        state.withLock {
            $0.folder = folder
            $0.isFetching = true
            $0.begun += 1
        }
    }

    func torrent(of hash: InfoHash) async -> Torrent? { failure == nil ? torrent : nil }

    func want(_ bytes: Range<Int64>, of hash: InfoHash) async {
        let folder = state.withLock {
            $0.wanted = bytes
            return $0.folder
        }
        for file in torrent.info.files where bytes.contains(file.offset) && !file.isPadding {
            let path = ([folder] + (torrent.info.isSingleFile ? [] : [torrent.info.name]) + file.path)
                .joined(separator: "/")
            let url = URL(filePath: path)
            try? FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try? Data(content[Int(file.offset)..<Int(file.offset + file.length)]).write(to: url)
        }
    }

    func progress(of hash: InfoHash) async -> FetchProgress? {
        state.withLock { state in
            guard state.isFetching else { return nil }
            let count = Int64(state.wanted?.count ?? 0)
            return FetchProgress(
                wanted: count, fetched: count, rate: 0, peers: 1, isDone: state.wanted != nil, failure: failure)
        }
    }

    func end(_ hash: InfoHash) async { state.withLock { $0.isFetching = false } }
}
