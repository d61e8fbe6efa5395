import ByteCoding
import Dialling
import Logging
import Metainfo
import TorrentEngine

/// The peer engine as a space uses it.
struct EngineSwarm: Swarm {
    private let engine: SwarmEngine
    private let namedFrom: AddressScope
    private static let step: Int64 = 4 << 20

    init(configuration: SpaceConfiguration, stateDirectory: String, logger: Logger) {
        // What users name on their own machine may lie on it.
        namedFrom = configuration.allowsPrivateAddresses ? .loopback : .public
        engine = SwarmEngine(configuration: configuration.engine(stateDirectory: stateDirectory), logger: logger)
    }

    func start() async throws(SpaceError) -> Int {
        do {
            return try await engine.start()
        } catch {
            throw SpaceError(.unavailable, "The peer port cannot be opened: \(error).")
        }
    }

    func stop() async { await engine.stop() }

    func add(_ addition: SwarmAddition) async throws(SpaceError) {
        var torrent: TorrentToAdd
        switch addition.source {
        case .torrent(let known): torrent = TorrentToAdd(torrent: known, folder: addition.folder)
        case .magnet(let link): torrent = TorrentToAdd(magnet: link, folder: addition.folder)
        }
        torrent.stateFile = addition.stateFile
        torrent.wanted = addition.part.wantedBytes
        torrent.check = addition.check.contentCheck
        torrent.peers = addition.peers
        torrent.namedFrom = namedFrom
        torrent.downloadLimit = addition.limits.down
        torrent.uploadLimit = addition.limits.up
        torrent.sharesWhenDone = addition.shares
        do {
            try await engine.add(torrent)
        } catch {
            throw SpaceError(error)
        }
    }

    func remove(_ id: MediaID) async { await engine.remove(id.infoHash) }

    func want(_ part: MediaPart, of id: MediaID) async { await engine.want(part.wantedBytes, of: id.infoHash) }

    func pause(_ id: MediaID) async { await engine.pause(id.infoHash) }

    func resume(_ id: MediaID) async { await engine.resume(id.infoHash) }

    func addPeers(_ peers: [Endpoint], to id: MediaID) async {
        // Peers named by the user are dialled wherever they are; each is as near as its own address.
        for (scope, peers) in Dictionary(grouping: peers, by: \.address.scope) {
            await engine.addPeers(peers, to: id.infoHash, namedFrom: scope)
        }
    }

    func setLimits(_ limits: RateLimit, of id: MediaID) async {
        await engine.setLimits(download: limits.down, upload: limits.up, of: id.infoHash)
    }

    func status(of id: MediaID) async -> MediaStatus? {
        await engine.status(of: id.infoHash).map { MediaStatus($0, id: id) }
    }

    func changes(of id: MediaID) -> AsyncStream<MediaStatus> {
        let changes = engine.changes(of: id.infoHash)
        return AsyncStream { continuation in
            let task = Task {
                for await status in changes { continuation.yield(MediaStatus(status, id: id)) }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    func torrent(of id: MediaID) async -> Torrent? { await engine.torrent(of: id.infoHash) }

    func missingBytes(in ranges: [Range<Int64>], of id: MediaID) async -> Int64? {
        await engine.missingBytes(in: ranges, of: id.infoHash)
    }

    func fetch(_ range: Range<Int64>, of id: MediaID) async throws(SpaceError) {
        var next = range.lowerBound
        while next < range.upperBound {
            let end = min(range.upperBound, next + Self.step)
            do {
                _ = try await engine.bytes(next..<end, of: id.infoHash)
            } catch {
                throw SpaceError(error)
            }
            next = end
        }
    }
}

extension SpaceError {
    init(_ error: EngineError) {
        self = error == .cancelled ? .cancelled : SpaceError(.failed, error.description)
    }
}

extension MediaPart {
    /// The same for the engine.
    fileprivate var wantedBytes: WantedBytes {
        var wanted = WantedBytes(ranges: spans?.map(\.range), order: inOrder ? .inOrder : .rarestFirst)
        wanted.urgent = urgent.map(\.range)
        wanted.isGrowing = isGrowing
        return wanted
    }
}

extension Hold.Check {
    fileprivate var contentCheck: ContentCheck {
        switch self {
        case .asSaved: .asSaved
        case .full: .full
        case .trusted: .trusted
        }
    }
}

extension MediaStatus {
    fileprivate init(_ status: TorrentStatus, id: MediaID) {
        self.init(id: id, name: status.name, state: MediaState(status.state))
        hasMetadata = status.hasMetadata
        wantedBytes = status.wantedBytes
        doneBytes = status.doneBytes
        totalBytes = status.totalBytes
        progress = status.progress
        downloaded = status.downloaded
        downloadedEarlier = status.downloadedEarlier
        uploaded = status.uploaded
        wasted = status.wasted
        downloadRate = status.downloadRate
        uploadRate = status.uploadRate
        peers = status.peers
        seeds = status.seeds
        availability = status.availability
        eta = status.eta
    }
}

extension MediaState {
    fileprivate init(_ state: TorrentState) {
        self =
            switch state {
            case .waiting: .waiting
            case .validating: .validating
            case .downloading: .downloading
            case .seeding: .seeding
            case .paused: .paused
            case .done: .done
            case .failed(let reason): .failed(reason: reason)
            }
    }
}
