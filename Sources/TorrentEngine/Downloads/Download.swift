import ByteCoding
import Metainfo
import NIOCore

/// A torrent that is downloaded, or seeded from a folder. Lives on the engine's event loop.
///
/// What it is about: peers are dialled and let in, the pieces they have go to the scheduler, what the scheduler wants goes
/// to the peers, blocks go to the buffers, whole pieces to the hashing threads, good ones to the files. The connections
/// themselves are those of `ActiveTorrent`, which also serves what is there.
final class Download {
    let core: EngineCore
    /// The hash by which it is known here and in handshakes.
    let hash: InfoHash
    let version1: InfoHash?
    let version2: InfoHashV2?
    let folder: String
    let stateFile: String?
    /// Its place in lists.
    let number: Int
    /// Its peers, choker and content on the way out.
    let active: ActiveTorrent

    // MARK: What was asked for

    var name: String?
    var check: ContentCheck
    var wanted: WantedBytes
    var sharesWhenDone: Bool
    var tiers: [[String]]
    var webSeedURLs: [String]
    /// The class of the address of whoever named trackers and web seeds.
    let namedFrom: AddressScope

    // MARK: What is known

    /// Nil until the metadata is there.
    var torrent: Torrent?
    /// What the metadata told of a torrent that was named by its version 1 hash.
    var learnedVersion2: InfoHashV2?
    var fetch: MetadataFetch?
    let known = KnownHashes()
    var hashFetch: HashFetch?

    // MARK: What is there

    var storage: TorrentStorage?
    /// Nil until what lies on the disk was looked at.
    var scheduler: PieceScheduler?
    var buffers: PieceBuffers?
    var blame = BlockBlame()
    /// The check under way.
    var recheckJob: RecheckJob?
    var checkFlag: StopFlag?
    /// Whole pieces that could not be checked or written yet.
    var unverified: Set<PieceIndex> = []
    /// Jobs on other threads.
    var jobs = 0
    /// Who waits for their end.
    var idlers: [EventLoopPromise<Void>] = []

    // MARK: Peers

    var book: PeerBook
    var exchange: PeerExchangeBook?
    /// Where peers were, for those that left before they were found to lie.
    var formerPeers: [PeerNumber: Endpoint] = [:]
    var bannedIDs: Set<PeerID> = []
    var webSeeds: [PeerNumber: WebSeedDriver] = [:]
    var restingWebSeeds: Set<PeerNumber> = []
    /// Web seeds that turned out to be of no use, until the torrent is resumed.
    var spentWebSeeds: Set<String> = []
    var announcer: TorrentAnnouncer?
    var sources: [Task<Void, Never>] = []
    /// What the scheduler wants done; kept for its memory.
    var commands: [SchedulerCommand] = []

    // MARK: How it stands

    var state = TorrentState.waiting
    /// Counts the runs: what was begun before a pause is of no use after it.
    var run = 0
    var isRunning = false
    var isRemoved = false
    /// What lies on the disk is the torrent's, and not files of somebody else that are called the same.
    var ownsContent = false
    /// Its files are about to be deleted.
    var isDeleted = false
    var downloaded: Int64 = 0
    /// Of these, what came in earlier runs.
    var downloadedEarlier: Int64 = 0
    var uploaded: Int64 = 0
    var wasted: Int64 = 0
    var downMeter: RateMeter
    var upMeter: RateMeter
    var observers: [AsyncStream<TorrentStatus>.Continuation] = []
    var readers: [ByteReading] = []
    var isChanged = false
    var savedAt: ContinuousClock.Instant
    var isSaving = false

    init(
        _ added: TorrentToAdd, hash: InfoHash, hashes: (InfoHash?, InfoHashV2?), number: Int, emptyLayout: PieceLayout,
        core: EngineCore, now: ContinuousClock.Instant
    ) {
        self.core = core
        self.hash = hash
        (version1, version2) = hashes
        self.number = number
        folder = added.folder
        stateFile = added.stateFile
        check = added.check
        wanted = added.wanted
        sharesWhenDone = added.sharesWhenDone
        namedFrom = added.namedFrom
        switch added.source {
        case .torrent(let torrent):
            name = torrent.info.name
            self.torrent = torrent
            tiers = added.announceTiers ?? torrent.announceTiers
            webSeedURLs = added.webSeeds ?? torrent.webSeeds
        case .magnet(let link):
            name = link.displayName
            tiers = added.announceTiers ?? link.trackers.map { [$0] }
            webSeedURLs = added.webSeeds ?? link.webSeeds
        }
        book = PeerBook(capacity: core.limits.knownPeers)
        downMeter = RateMeter(now: now)
        upMeter = RateMeter(now: now)
        savedAt = now
        active = ActiveTorrent(
            SeededTorrent(
                infoHash: hash, aliases: version1 == nil ? [] : [version2?.truncated].compactMap(\.self), infoBytes: [],
                layout: emptyLayout, content: NoContent()),
            limits: core.limits, now: now)
        active.info = .failed
    }

    var info: TorrentInfo? { torrent?.info }

    /// Whether peers may come only from the trackers (BEP 27).
    var isPrivate: Bool { info?.isPrivate ?? false }

    /// Everything wanted is there, and nothing more will be soon.
    var isUploadOnly: Bool {
        guard let scheduler, scheduler.isDone else { return false }
        return !wanted.isGrowing || scheduler.have.isFull
    }

    /// The pieces that are there.
    var have: Bitfield { scheduler?.have ?? Bitfield(count: info?.layout.pieceCount ?? 0) }

    /// The torrent as far as it is known, with piece layers.
    var knownTorrent: Torrent? {
        guard var torrent else { return nil }
        torrent.pieceLayers = known.layers?.dictionary ?? torrent.pieceLayers
        torrent.announceTiers = tiers
        torrent.webSeeds = webSeedURLs
        return torrent
    }

    /// A way back to the loop for what happens on other threads.
    func entrance() -> @Sendable (@escaping @Sendable (Download) -> Void) -> Void {
        let this = NIOLoopBound(self, eventLoop: core.eventLoop)
        let eventLoop = core.eventLoop
        return { body in eventLoop.execute { body(this.value) } }
    }

    func note(_ text: @autoclosure () -> String, peer: Endpoint? = nil) {
        guard core.isLogging else { return }
        core.log(ProtocolEvent(infoHash: hash, peer: peer, direction: .noted, text: text()))
    }
}

/// The content of a torrent while nothing of it can be served.
private struct NoContent: ContentSource {
    func open() async throws -> ContentFile { throw ContentError.truncated }
}
