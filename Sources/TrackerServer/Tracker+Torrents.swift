public import ByteCoding
public import Metainfo
public import TrackerWire

/// Which torrents are tracked, and for whom.
extension Tracker {
    /// Whether anything is answered at all; while false every announce and scrape is refused, and peers are kept.
    public var isEnabled: Bool {
        get { logic.isEnabled }
        set { logic.isEnabled = newValue }
    }

    /// Intervals, limits and the rule of handing out, brought into their ranges; a change holds from the next announce
    /// on. When the interval becomes shorter, peers that were told the longer one are waited for.
    public var policy: TrackerPolicy {
        get { logic.policy }
        set { logic.policy = newValue }
    }

    /// Says which keys there are; nil when none is needed, as at first. Else an announce needs one in its URL, as
    /// `/announce/KEY`, `/KEY/announce` or `?passkey=KEY`, and over UDP in the URL of BEP 41; a scrape too, which over
    /// UDP cannot have one.
    public func setPasskeys(_ keys: Set<String>?) { logic.passkeys.set(keys) }

    /// Begins to track a torrent, or goes on after a refusal.
    ///
    /// - Parameters:
    ///   - hash: what the torrent is called in counts and changes.
    ///   - alias: another hash of the same swarm, as a hybrid torrent has (BEP 52).
    ///   - completed: how often it was downloaded before this tracker was made.
    ///   - size: its bytes, by which the progress of peers is known.
    public func allow(_ hash: InfoHash, alias: InfoHash? = nil, completed: UInt64 = 0, size: UInt64? = nil) {
        let terms = SwarmTerms(logic.policy, now: logic.clock.seconds())
        let original = logic.store.allow(hash, alias: alias, completed: completed, size: size, terms)
        logic.changes.note(original)
    }

    /// Refuses a torrent from now on, by either of its hashes, with a sentence to its peers, which are forgotten.
    public func refuse(_ hash: InfoHash, reason: RefusalReason) {
        logic.changes.note(logic.store.refuse(hash, reason))
    }

    /// Stops tracking a torrent, by either of its hashes, as if it had never been allowed.
    public func forget(_ hash: InfoHash) { logic.changes.note(logic.store.forget(hash)) }

    // MARK: - The seeder of this process

    /// Says where peers reach the seeder that runs in this process; nil when there is none.
    public func setLocalSeeder(addresses: SeederAddresses?) { logic.store.setSeeder(addresses) }

    /// Says whether that seeder shares a torrent: it is then counted as one seeder and handed out.
    public func localSeeding(_ hash: InfoHash, _ isSeeding: Bool) {
        if let original = logic.store.setSeededHere(hash, isSeeding) { logic.changes.note(original) }
    }

    /// Says how many bytes of a torrent any peer can have uploaded at most, by what this server's seeder saw: when peers
    /// are ranked by their uploads nobody's claim counts for more. Nil lifts the ceiling.
    public func setUploadCeiling(_ hash: InfoHash, bytes: UInt64?) {
        logic.store.setUploadCeiling(hash, bytes.map(CoarseCount.encode) ?? .max)
    }

    // MARK: - Answering

    /// Takes an announce in and answers it; never waits.
    ///
    /// - Parameters:
    ///   - request: what the client says.
    ///   - source: where it came from; only this address counts, its port does not.
    ///   - localAddress: where it arrived.
    ///   - transport: how it came, which decides on the families of the peers in the answer.
    ///   - url: path and query of the tracker's URL, still encoded, for passkeys.
    public func announce(
        _ request: AnnounceRequest, from source: Endpoint, localAddress: IPAddress, transport: TrackerTransport,
        url: [UInt8] = []
    ) -> Result<AnnounceAnswer, TrackerFailure> {
        var peers: [Endpoint] = []
        let result = logic.announce(
            request, from: source.address, at: localAddress, over: transport, url: url, now: logic.clock.seconds(),
            into: &peers)
        return result.mapError(\.failure).map { counts in
            AnnounceAnswer(counts, policy: logic.policy, peers: peers, source: source.address)
        }
    }

    /// The counts of those of the torrents that are tracked.
    public func scrape(_ hashes: [InfoHash]) -> [(InfoHash, SwarmCounts)] {
        hashes.compactMap { hash in logic.store.counts(hash).map { (hash, $0) } }
    }
}
