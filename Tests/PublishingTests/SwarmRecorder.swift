import Metainfo
import Publishing
import Synchronization

/// Stands at the place of seeder and tracker, which are other targets: remembers what each hash was last told.
final class SwarmRecorder: Seeding, SwarmRegistry {
    enum Registered: Equatable { case allowed(completed: UInt64), refused(removed: Bool) }

    private let state = Mutex(
        (
            seeded: [InfoHash: PublishedTorrent](), registered: [InfoHash: Registered](),
            aliases: [InfoHash: InfoHash](), calls: 0
        ))

    func seed(_ torrent: PublishedTorrent) async {
        state.withLock { $0.seeded[torrent.infoHash] = torrent }
    }

    func stopSeeding(_ hash: InfoHash) async {
        state.withLock { $0.seeded[hash] = nil }
    }

    func allow(_ hash: InfoHash, alias: InfoHash?, size: Int64, completed: UInt64) async {
        state.withLock {
            $0.registered[hash] = .allowed(completed: completed)
            $0.aliases[hash] = alias
            $0.calls += 1
        }
    }

    func refuse(_ hash: InfoHash, removed: Bool) async {
        state.withLock { $0.registered[hash] = .refused(removed: removed) }
    }

    func seeded(_ hash: InfoHash) -> PublishedTorrent? { state.withLock { $0.seeded[hash] } }
    func registered(_ hash: InfoHash) -> Registered? { state.withLock { $0.registered[hash] } }
    func alias(_ hash: InfoHash) -> InfoHash? { state.withLock { $0.aliases[hash] } }
    var seededCount: Int { state.withLock { $0.seeded.count } }
}
