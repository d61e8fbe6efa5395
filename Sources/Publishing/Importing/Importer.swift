import Catalog
import Foundation
public import Logging
public import ServiceLifecycle
import Store

/// Works on imports: claims them, a few at a time, and goes on with them after restarts of this or another node.
public struct Importer: Service {
    private let store: Store
    private let fetching: any TorrentFetching
    private let taking: TakeFile
    private let folder: String
    private let node: String
    private let atOnce: Int
    private let logger: Logger

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - folder: where torrents are fetched to, one folder each; they go when the film is published.
    ///   - node: this node's name among those of the same database.
    ///   - atOnce: imports worked on at one time.
    public init(
        publisher: Publisher, ingest: Ingest, fetching: any TorrentFetching, folder: String, node: String,
        atOnce: Int = 4, logger: Logger
    ) {
        store = publisher.store
        self.fetching = fetching
        taking = TakeFile(ingest: ingest, publisher: publisher)
        self.folder = folder
        self.node = node
        self.atOnce = max(1, atOnce)
        self.logger = logger
    }

    /// Works until a graceful shutdown or until the task is cancelled.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await removeLeftovers()
            await withDiscardingTaskGroup { group in
                for _ in 0..<atOnce { group.addTask { await work() } }
            }
        }
    }

    private func work() async {
        while !Task.isCancelled {
            do {
                guard let claimed = try await store.imports.claim(node: node) else {
                    try await Task.sleep(for: .seconds(2))
                    continue
                }
                await work(on: claimed)
            } catch {
                try? await Task.sleep(for: .seconds(5))
            }
        }
    }

    private func work(on claimed: ClaimedImport) async {
        let folder = folder(of: claimed.facts.id)
        let work = ImportWork(
            claimed: claimed, store: store, fetching: fetching, taking: taking,
            folder: folder.appending(path: "content").path(), logger: logger)
        if await work.run() == .ended { try? FileManager.default.removeItem(at: folder) }
    }

    private func folder(of id: ImportID) -> URL {
        URL(filePath: folder, directoryHint: .isDirectory).appending(
            path: "\(id.rawValue)", directoryHint: .isDirectory)
    }

    /// Removes what imports left behind that ended while this node was down.
    private func removeLeftovers() async {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let ids = names.compactMap { Int64($0) }.map { ImportID(rawValue: $0) }
        guard !ids.isEmpty, let needed = try? await store.imports.underWay(among: ids) else { return }
        for id in ids where !needed.contains(id) { try? FileManager.default.removeItem(at: self.folder(of: id)) }
    }
}
