import ByteCoding
import Logging
import Metainfo
import ServiceLifecycle
import Site
import Synchronization
import TrackerClient
import TrackerWire

/// Announces what is seeded here to the trackers of others that an admin has set, reads their counts, and hands the
/// peers they name to the seeder.
///
/// One loop drives all torrents; only exchanges that are under way have a task. When it ends, the trackers that know of
/// us are told so, within a few seconds.
final class OutsideTrackers: Service {
    /// What is known once the ports are bound.
    struct Standing {
        var peerPort: UInt16 = 0
        var own: OwnTrackers?
        var configured: [[String]] = []
        var usesOwnTracker = true
    }

    let client: TrackerClient
    let peerID: PeerID
    let uploaded: @Sendable (InfoHash) -> UInt64
    let consider: @Sendable (Endpoint, InfoHash, AddressScope) -> Void
    let pace: TrackerPace
    let logger: Logger
    let key = UInt32.random(in: 0...UInt32.max)
    private let beginning = ContinuousClock.now
    let board: Mutex<AnnounceBoard>
    let standing = Mutex(Standing())
    private let followers = Mutex<[UInt64: AsyncStream<InfoHash>.Continuation]>([:])
    let bell = Doorbell()

    /// - Parameters:
    ///   - client: ended by `run` with everything else.
    ///   - peerID: the seeder's own, by which peers know it.
    ///   - uploaded: bytes our seeder has sent of a torrent, never less than before.
    ///   - consider: takes a peer that a tracker named, with the reach of that tracker's address.
    init(
        client: TrackerClient, peerID: PeerID, uploaded: @escaping @Sendable (InfoHash) -> UInt64,
        consider: @escaping @Sendable (Endpoint, InfoHash, AddressScope) -> Void, pace: TrackerPace = TrackerPace(),
        timing: AnnounceTiming = AnnounceTiming(), logger: Logger
    ) {
        self.client = client
        self.peerID = peerID
        self.uploaded = uploaded
        self.consider = consider
        self.pace = pace
        self.logger = logger
        board = Mutex(AnnounceBoard(pace: pace, timing: timing, seed: .random(in: 0...UInt64.max)))
    }

    // MARK: - What to announce

    /// The ports are bound: says where peers reach the seeder, and which announce URLs lead back to us.
    func listens(peerPort: UInt16, own: OwnTrackers) {
        standing.withLock {
            $0.peerPort = peerPort
            $0.own = own
        }
        setTiers()
    }

    /// Announce URLs in tiers, as an admin has set them; none while BitTorrent is off. Takes effect at once.
    func use(tiers: [[String]]) {
        standing.withLock { $0.configured = tiers }
        setTiers()
    }

    /// A torrent is seeded from now on, or no more. Takes effect at once.
    func seeding(_ hash: InfoHash, _ isSeeding: Bool) {
        let now = now
        let before = isSeeding ? uploaded(hash) : 0
        board.withLock { board in
            if isSeeding { board.add(hash, uploaded: before, now: now) } else { board.remove(hash) }
        }
        bell.ring()
        changed([hash])
    }

    // MARK: - What they say

    /// Whether clients are sent to our own tracker: it is among those configured, or none is.
    var usesOwnTracker: Bool { standing.withLock { $0.usesOwnTracker } }

    /// What the outside trackers say of a torrent; empty when there are none, or it is not seeded.
    func reports(_ hash: InfoHash) -> [TrackerReport] {
        let now = now
        return board.withLock { $0.reports(hash, now: now) }
    }

    /// Torrents whose reports have changed, from now on.
    func changes() -> AsyncStream<InfoHash> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: InfoHash.self, bufferingPolicy: .bufferingNewest(50_000))
        let id = UInt64.random(in: 0...UInt64.max)
        followers.withLock { $0[id] = continuation }
        continuation.onTermination = { [weak self] _ in self?.followers.withLock { $0[id] = nil } }
        return stream
    }

    /// How each configured URL does, in the order of the settings, our own included.
    func allStates() -> [TrackerState] {
        let now = now
        let (urls, own) = standing.withLock { ($0.configured.flatMap(\.self), $0.own) }
        return urls.map { url in
            guard let tracker = TrackerAddress(url) else {
                return TrackerState(url: url, problem: "The URL cannot be read.")
            }
            if own?.contains(tracker) == true { return TrackerState(url: url, isOurs: true) }
            return board.withLock { $0.state(of: tracker, now: now) }
        }
    }

    // MARK: - Running

    /// Announces until the service group shuts down or the task is cancelled; then says farewell and closes the client.
    func run() async throws {
        await withDiscardingTaskGroup { group in
            bell.ring()
            for await _ in bell.rings.cancelOnGracefulShutdown() {
                let now = now
                let (errands, next) = board.withLock { ($0.next(now: now), $0.nextTime) }
                for errand in errands { group.addTask { await self.carryOut(errand) } }
                bell.ring(after: next.map { max($0 - now, .milliseconds(10)) })
            }
            group.cancelAll()
        }
        bell.ring(after: nil)
        // In a task of its own, which the cancellation that may have led here does not reach.
        await Task { await self.sayFarewell() }.value
        await client.shutdown()
        followers.withLock { $0.values.map { $0 } }.forEach { $0.finish() }
    }

    var now: Duration { ContinuousClock.now - beginning }

    private func setTiers() {
        let now = now
        let hashes = standing.withLock { standing -> [InfoHash] in
            guard let own = standing.own else { return [] }
            let configured = standing.configured.joined().compactMap { TrackerAddress($0) }
            standing.usesOwnTracker = standing.configured.isEmpty || configured.contains { own.contains($0) }
            let outside = standing.configured.map { tier in
                tier.compactMap { TrackerAddress($0) }.filter { !own.contains($0) }
            }
            return board.withLock { board in
                board.set(outside.filter { !$0.isEmpty }, now: now)
                return Array(board.torrents.keys)
            }
        }
        bell.ring()
        changed(hashes)
    }

    func changed(_ hashes: [InfoHash]) {
        guard !hashes.isEmpty else { return }
        for follower in followers.withLock({ Array($0.values) }) {
            for hash in hashes { follower.yield(hash) }
        }
    }
}
