import Foundation
public import Logging
import Metainfo

/// A directory of films that takes part in BitTorrent swarms: put a film in, get one out of the swarm, whole or a part.
///
/// ```swift
/// let space = try await Space.open("/srv/films")
/// let id = try await space.put("holiday.mp4", PutOptions(announceTiers: [["udp://tracker.example:6969/announce"]]))
/// let film = try await space.get("magnet:?xt=urn:btih:…") { print($0.state, $0.progress) }
/// let files = try await space.download(film)
/// await space.close()
/// ```
///
/// Several processes may open the same directory at once. The first runs the engine and the others hand it their wishes,
/// so that what is fetched for one is there for all and nothing is fetched twice; when it ends, in whatever way, one of
/// the others goes on. All methods do the same in each of them.
///
/// Films lie in the directory under their own names; what the space remembers is in the hidden folder `.reelswarm`.
public final class Space: Sendable {
    /// The status handler of a `put` or `get`: called now, at each change, and else at most twice a second.
    public typealias StatusHandler = @Sendable (MediaStatus) -> Void

    let folder: SpaceFolder
    let configuration: SpaceConfiguration
    let member: SpaceMember
    let clipHolds: ClipHolds
    let keepers = FolderKeepers()
    let logger: Logger

    /// The directory, as an absolute path.
    public var directory: String { folder.directory }

    /// Opens a space on a directory, which is made where it is missing.
    ///
    /// - Parameters:
    ///   - directory: where the films lie.
    ///   - scanning: whether everything that was active when it was last open becomes active again, and what has come
    ///     since is taken up, as `rescan` does. Without it nothing is active until it is asked for.
    /// - Throws: `unavailable` where the directory cannot be written, the peer port cannot be had, or the process that
    ///   holds the directory does not answer.
    public static func open(
        _ directory: String, scanning: Bool = true, configuration: SpaceConfiguration = SpaceConfiguration(),
        logger: Logger = Logger(label: "mediaspace")
    ) async throws(SpaceError) -> Space {
        try await open(directory, scanning: scanning, configuration: configuration, logger: logger) { folder in
            EngineSwarm(configuration: configuration, stateDirectory: folder.states, logger: logger)
        }
    }

    static func open(
        _ directory: String, scanning: Bool, configuration: SpaceConfiguration, logger: Logger,
        makeSwarm: @escaping SpaceMember.MakeSwarm
    ) async throws(SpaceError) -> Space {
        let space = Space(SpaceFolder(directory), configuration, logger, makeSwarm)
        try space.folder.create()
        try await space.member.open()
        guard scanning else { return space }
        await space.activateAll()
        _ = try await space.rescan()
        return space
    }

    private init(
        _ folder: SpaceFolder, _ configuration: SpaceConfiguration, _ logger: Logger,
        _ makeSwarm: @escaping SpaceMember.MakeSwarm
    ) {
        self.folder = folder
        self.configuration = configuration
        self.logger = logger
        member = SpaceMember(folder: folder, logger: logger, makeSwarm: makeSwarm)
        clipHolds = ClipHolds(member)
    }

    /// Ends what this process wanted here. The process that runs the engine saves and says goodbye first; another that
    /// has the directory open then goes on with its own wishes. A closed space cannot be used again.
    public func close() async { await member.close() }

    /// Whether the engine runs in this process.
    public var isOwner: Bool {
        get async { await member.isOwner }
    }

    /// The TCP port for peers; nil where the engine runs in another process.
    public var port: Int? {
        get async { await member.port }
    }

    /// Makes active what was when the space was last open.
    private func activateAll() async {
        for id in folder.ids() {
            guard let entry = SpaceEntry.load(id, in: folder), entry.isActive, entry.part.spans != []
            else { continue }
            do {
                try await member.perform(.hold(entry.hold))
            } catch {
                logger.warning("\(error)")
            }
        }
    }

    /// Calls a handler at each change, until the torrent is forgotten or the space closed.
    func follow(_ id: MediaID, _ handler: StatusHandler?) async throws(SpaceError) {
        guard let handler else { return }
        let changes = try await member.changes(of: id)
        Task { for await status in changes { handler(status) } }
    }
}

extension SpaceEntry {
    /// The wish that makes it active again as it was.
    var hold: Hold {
        var hold = Hold(id: id)
        hold.part = part
        hold.folder = folder
        hold.shares = shares
        hold.onlySeeds = torrentBeside != nil
        return hold
    }
}
