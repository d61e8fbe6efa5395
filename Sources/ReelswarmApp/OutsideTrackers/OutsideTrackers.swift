import ByteCoding
import Logging
import Metainfo
import ServiceLifecycle
import Site
import Synchronization
import TrackerClient
import TrackerWire

/// Announces what is seeded here to the trackers of others that an admin has set or that it came with, reads their counts, and hands the
/// peers they name to the seeder.
///
/// One loop drives all torrents; only exchanges that are under way have a task. When it ends, the trackers that know of
/// us are told so, within a few seconds.
final class OutsideTrackers: Service {
    /// What is known once the ports are bound.
    struct Standing {
        /// What is known of a seeded torrent besides its hash.
        struct Seeded {
            /// The other hash of a hybrid.
            var alias: InfoHash?
            /// Announce URLs that it came with.
            var others: [[String]]
        }

        var peerPort: UInt16 = 0
        var own: OwnTrackers?
        var configured: [[String]] = []
        var usesOwnTracker = true
        var seeded: [InfoHash: Seeded] = [:]

        /// Those of the URLs that can be announced to and do not lead back to us; none before it is known which do.
        func outside(_ urls: [[String]]) -> [[TrackerAddress]] {
            guard let own else { return [] }
            return urls.map { $0.compactMap { TrackerAddress($0) }.filter { !own.contains($0) } }.filter { !$0.isEmpty }
        }
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
    ///
    /// - Parameters:
    ///   - alias: the other hash of a hybrid: at trackers of others it is a swarm of its own, with the clients of the
    ///     other version (BEP 52), so it is announced too.
    ///   - others: announce URLs in tiers that the torrent came with, announced to besides those of the settings.
    func seeding(_ hash: InfoHash, _ isSeeding: Bool, alias: InfoHash? = nil, others: [[String]] = []) {
        let now = now
        let before = isSeeding ? uploaded(hash) : 0
        standing.withLock { standing in
            let former = standing.seeded[hash]?.alias
            standing.seeded[hash] = isSeeding ? Standing.Seeded(alias: alias, others: others) : nil
            let others = standing.outside(others)
            board.withLock { board in
                if let former, former != alias || !isSeeding { board.remove(former) }
                guard isSeeding else { return board.remove(hash) }
                board.add(hash, uploaded: before, others: others, now: now)
                // What was sent counts once, under the first hash.
                if let alias { board.add(alias, uploaded: 0, others: others, now: now) }
            }
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
            return board.withLock { board in
                board.set(standing.outside(standing.configured), now: now)
                for (hash, seeded) in standing.seeded where !seeded.others.isEmpty {
                    let others = standing.outside(seeded.others)
                    for hash in [hash] + (seeded.alias.map { [$0] } ?? []) { board.setOthers(others, of: hash) }
                }
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
