import ByteCoding
import Foundation
import Metainfo
import Synchronization

@testable import Mediaspace

/// The rest of the world in one object: who seeds what, and how many bytes left it. Closed, nothing comes.
final class FakeNetwork: Sendable {
    struct State {
        var films: [MediaID: (torrent: Torrent, bytes: [UInt8])] = [:]
        var isOpen = true
        var sent: Int64 = 0
        var additions: [SwarmAddition] = []
    }

    let state = Mutex(State())

    func seed(_ torrent: Torrent, _ bytes: [UInt8]) {
        state.withLock { $0.films[torrent.mediaID] = (torrent, bytes) }
    }

    var isOpen: Bool {
        get { state.withLock { $0.isOpen } }
        set { state.withLock { $0.isOpen = newValue } }
    }

    var sent: Int64 { state.withLock { $0.sent } }
    var additions: [SwarmAddition] { state.withLock { $0.additions } }

    func fetch(_ id: MediaID, _ range: Range<Int64>) -> [UInt8]? {
        state.withLock { state in
            guard state.isOpen, let film = state.films[id], range.upperBound <= Int64(film.bytes.count) else {
                return nil
            }
            state.sent += Int64(range.count)
            return Array(film.bytes[Int(range.lowerBound)..<Int(range.upperBound)])
        }
    }

    func torrent(_ id: MediaID) -> Torrent? { state.withLock { $0.isOpen ? $0.films[id]?.torrent : nil } }
}

/// An engine without sockets: it moves pieces of single files from the network to the disk, one each turn.
actor FakeSwarm: Swarm {
    private struct Running {
        var addition: SwarmAddition
        var torrent: Torrent?
        var have: Set<Int> = []
        var isPaused = false
        var received: Int64 = 0
        var watchers: [UUID: AsyncStream<MediaStatus>.Continuation] = [:]
        var task: Task<Void, Never>?
    }

    private let network: FakeNetwork
    private var running: [MediaID: Running] = [:]
    private(set) var isStopped = false

    init(_ network: FakeNetwork) { self.network = network }

    func start() async throws(SpaceError) -> Int { 4711 }

    func stop() async {
        isStopped = true
        for id in running.keys { await remove(id) }
    }

    func add(_ addition: SwarmAddition) async throws(SpaceError) {
        network.state.withLock { $0.additions.append(addition) }
        let id: MediaID
        var run = Running(addition: addition)
        switch addition.source {
        case .torrent(let torrent): (id, run.torrent) = (torrent.mediaID, torrent)
        case .magnet(let link): id = MediaID(link.wireHash ?? InfoHash(bytes: [UInt8](repeating: 0, count: 20))!)
        }
        if let torrent = run.torrent { run.have = check(torrent, addition) }
        run.task = Task { await self.work(id) }
        running[id] = run
    }

    func remove(_ id: MediaID) async {
        guard let run = running.removeValue(forKey: id) else { return }
        run.task?.cancel()
        for watcher in run.watchers.values { watcher.finish() }
    }

    func want(_ part: MediaPart, of id: MediaID) async {
        running[id]?.addition.part = part
        tell(id)
    }

    func pause(_ id: MediaID) async { running[id]?.isPaused = true }
    func resume(_ id: MediaID) async { running[id]?.isPaused = false }
    func addPeers(_ peers: [Endpoint], to id: MediaID) async {}
    func setLimits(_ limits: RateLimit, of id: MediaID) async {}
    func torrent(of id: MediaID) async -> Torrent? { running[id]?.torrent }

    func missingBytes(in ranges: [Range<Int64>], of id: MediaID) async -> Int64? {
        guard let run = running[id], let torrent = run.torrent else { return nil }
        let missing = ranges.reduce(into: Set<Int>()) { $0.formUnion(pieces($1, torrent)) }.subtracting(run.have)
        return missing.reduce(0) { $0 + Int64(range($1, torrent).count) }
    }

    func fetch(_ range: Range<Int64>, of id: MediaID) async throws(SpaceError) {
        let before = running[id]?.addition.part ?? .nothing
        running[id]?.addition.part = before.union(.bytes(range))
        while let run = running[id] {
            if let torrent = run.torrent, pieces(range, torrent).isSubset(of: run.have) { return }
            do { try await Task.sleep(for: .milliseconds(2)) } catch { break }
        }
        throw SpaceError(.failed, "It was removed.")
    }

    func status(of id: MediaID) async -> MediaStatus? { running[id].map { status($0, id) } }

    nonisolated func changes(of id: MediaID) -> AsyncStream<MediaStatus> {
        let (stream, continuation) = AsyncStream.makeStream(of: MediaStatus.self)
        Task { await watch(id, continuation) }
        return stream
    }

    private func watch(_ id: MediaID, _ continuation: AsyncStream<MediaStatus>.Continuation) {
        guard let run = running[id] else { return continuation.finish() }
        running[id]?.watchers[UUID()] = continuation
        continuation.yield(status(run, id))
    }

    private func work(_ id: MediaID) async {
        while !Task.isCancelled, let run = running[id] {
            if run.torrent == nil, let torrent = network.torrent(id) {
                running[id]?.torrent = torrent
                running[id]?.have = check(torrent, run.addition)
                tell(id)
            } else if let torrent = run.torrent, !run.isPaused,
                let piece = wanted(run, torrent).subtracting(run.have).min(),
                let bytes = network.fetch(id, self.range(piece, torrent))
            {
                write(bytes, at: range(piece, torrent).lowerBound, torrent, run.addition)
                running[id]?.have.insert(piece)
                running[id]?.received += Int64(bytes.count)
                tell(id)
            }
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    private func tell(_ id: MediaID) {
        guard let run = running[id] else { return }
        for watcher in run.watchers.values { watcher.yield(status(run, id)) }
    }

    private func status(_ run: Running, _ id: MediaID) -> MediaStatus {
        guard let torrent = run.torrent else {
            return with(MediaStatus(id: id, state: .waiting)) { $0.hasMetadata = false }
        }
        let wanted = wanted(run, torrent)
        let done = wanted.intersection(run.have)
        let state: MediaState =
            run.isPaused ? .paused : done != wanted ? .downloading : run.addition.shares ? .seeding : .done
        return with(MediaStatus(id: id, name: torrent.info.name, state: state)) { status in
            status.wantedBytes = wanted.reduce(0) { $0 + Int64(range($1, torrent).count) }
            status.doneBytes = done.reduce(0) { $0 + Int64(range($1, torrent).count) }
            status.totalBytes = torrent.info.totalLength
            status.progress = wanted.isEmpty ? 1 : Double(done.count) / Double(wanted.count)
            status.downloaded = run.received
        }
    }

    private func with(_ status: MediaStatus, _ change: (inout MediaStatus) -> Void) -> MediaStatus {
        var status = status
        change(&status)
        return status
    }

    private func wanted(_ run: Running, _ torrent: Torrent) -> Set<Int> {
        run.addition.part.ranges(within: torrent.info.totalLength).reduce(into: []) {
            $0.formUnion(pieces($1, torrent))
        }
    }

    private func pieces(_ range: Range<Int64>, _ torrent: Torrent) -> Set<Int> {
        let range = range.clamped(to: 0..<torrent.info.totalLength)
        let length = Int64(torrent.info.pieceLength)
        return range.isEmpty ? [] : Set(Int(range.lowerBound / length)...Int((range.upperBound - 1) / length))
    }

    private func range(_ piece: Int, _ torrent: Torrent) -> Range<Int64> {
        let start = Int64(piece) * Int64(torrent.info.pieceLength)
        return start..<min(torrent.info.totalLength, start + Int64(torrent.info.pieceLength))
    }

    private func path(_ torrent: Torrent, _ addition: SwarmAddition) -> String {
        "\(addition.folder)/\(torrent.info.name)"
    }

    /// What the file already has of the true bytes; the network knows them.
    private func check(_ torrent: Torrent, _ addition: SwarmAddition) -> Set<Int> {
        try? Data().write(to: URL(filePath: addition.stateFile))
        let pieces = self.pieces(0..<torrent.info.totalLength, torrent)
        if addition.check == .trusted { return pieces }
        guard let there = FileManager.default.contents(atPath: path(torrent, addition)),
            let truth = network.state.withLock({ $0.films[torrent.mediaID]?.bytes })
        else { return [] }
        return pieces.filter { piece in
            let range = range(piece, torrent)
            guard Int64(there.count) >= range.upperBound else { return false }
            return there[Int(range.lowerBound)..<Int(range.upperBound)]
                .elementsEqual(truth[Int(range.lowerBound)..<Int(range.upperBound)])
        }
    }

    private func write(_ bytes: [UInt8], at offset: Int64, _ torrent: Torrent, _ addition: SwarmAddition) {
        let path = path(torrent, addition)
        try? FileManager.default.createDirectory(atPath: addition.folder, withIntermediateDirectories: true)
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let handle = FileHandle(forWritingAtPath: path) else { return }
        defer { try? handle.close() }
        try? handle.seek(toOffset: UInt64(offset))
        try? handle.write(contentsOf: Data(bytes))
    }
}
