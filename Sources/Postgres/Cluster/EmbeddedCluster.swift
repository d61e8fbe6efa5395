import Foundation
public import Logging
import Synchronization

/// A PostgreSQL of the program's own: made in the data directory when it is not there, started as an unprivileged user,
/// reached over a socket in a private folder, started again when it dies, and stopped with the program. What an earlier
/// run left after a crash is cleared first. The cluster's lock keeps a second server out.
public final class EmbeddedCluster: Sendable {
    private struct State {
        var postmaster: Postmaster?
        var isStopping = false
        var supervisor: Task<Void, Never>?
    }

    private let home: ClusterHome
    private let programs: ClusterPrograms
    private let socket: SocketDirectory
    private let lock: DirectoryLock
    private let logger: Logger
    private let state = Mutex(State())

    private init(
        home: ClusterHome, programs: ClusterPrograms, socket: SocketDirectory, lock: DirectoryLock, logger: Logger
    ) {
        self.home = home
        self.programs = programs
        self.socket = socket
        self.lock = lock
        self.logger = logger
    }

    /// Makes the cluster of a data directory if need be, starts it and returns when it answers; it is supervised from
    /// then on. Throws a `ClusterError` with one line where that cannot be, for example because another server uses
    /// the data directory.
    public static func start(dataDirectory: String, logger: Logger) async throws -> EmbeddedCluster {
        let home = try ClusterHome.prepare(dataDirectory: dataDirectory, user: .current(), logger: logger)
        let lock = try DirectoryLock(directory: home.path, name: "cluster.lock")
        let programs = try await ClusterPrograms.find(version: home.version)
        try await ClusterMaker(home: home, programs: programs, logger: logger).makeIfNeeded()
        try await OrphanPostmaster(home: home, logger: logger).clear()
        try ClusterSettings(home: home).write()
        let socket = try SocketDirectory.make(for: home)
        let cluster = EmbeddedCluster(home: home, programs: programs, socket: socket, lock: lock, logger: logger)
        do {
            try await cluster.launch()
            try await cluster.makeDatabase()
        } catch {
            await cluster.stop()
            throw error
        }
        cluster.supervise()
        return cluster
    }

    /// How to reach the site's database, as its owner, who is no superuser.
    public var configuration: DatabaseConfiguration {
        DatabaseConfiguration(socketDirectory: socket.path, user: "reelswarm", database: "reelswarm")
    }

    /// How to reach the server as its superuser.
    public var administration: DatabaseConfiguration {
        DatabaseConfiguration(socketDirectory: socket.path, user: "postgres", database: "postgres")
    }

    /// The folder of the server's socket.
    public var socketDirectory: String { socket.path }

    var homePath: String { home.path }

    /// The number of the server's process; nil while it does not run.
    public var processNumber: Int32? { state.withLock { $0.postmaster }?.number }

    /// Returns when the cluster has been stopped; cancelling the task stops it.
    public func run() async {
        guard let supervisor = state.withLock({ $0.supervisor }) else { return }
        await withTaskCancellationHandler {
            await supervisor.value
        } onCancel: {
            Task { await stop() }
        }
    }

    /// Stops the server: open transactions are rolled back (fast shutdown), all data is on disk when this returns.
    public func stop() async {
        let postmaster = state.withLock { state in
            state.isStopping = true
            return state.postmaster
        }
        if let postmaster { await end(postmaster) }
        if let supervisor = state.withLock({ $0.supervisor }) { await supervisor.value }
        socket.remove()
        lock.release()
    }

    /// Ends the server at once and without waiting for anybody, for use while the process exits: what was committed is
    /// recovered from the log at the next start.
    public func abandon() {
        let number = state.withLock { state in
            state.isStopping = true
            return state.postmaster?.number
        }
        if let number {
            kill(number, SIGQUIT)
            for _ in 0..<200 where kill(number, 0) == 0 { usleep(20_000) }
            kill(number, SIGKILL)
        }
        socket.remove()
    }

    private func launch() async throws {
        let postmaster = Postmaster.launch(home, programs, socket: socket)
        state.withLock { $0.postmaster = postmaster }
        while true {
            if postmaster.hasEnded {
                throw ClusterError("The database server did not start: \(postmaster.lastWords)")
            }
            let session = Session(configuration: administration, gate: ConnectGate(), number: 0)
            if (try? await session.run("SELECT 1")) != nil { return }
            try await Task.sleep(for: .milliseconds(30))
        }
    }

    private func makeDatabase() async throws {
        let database = Database(administration, logger: logger)
        if try await database.first("SELECT 1 FROM pg_roles WHERE rolname = 'reelswarm'") == nil {
            try await database.execute("CREATE ROLE reelswarm LOGIN")
        }
        if try await database.first("SELECT 1 FROM pg_database WHERE datname = 'reelswarm'") == nil {
            try await database.execute("CREATE DATABASE reelswarm OWNER reelswarm")
        }
        await database.close()
    }

    private func end(_ postmaster: Postmaster) async {
        let escalation = Task {
            for (signal, patience) in [(SIGINT, 30), (SIGQUIT, 10), (SIGKILL, 1)] {
                postmaster.signal(signal)
                try await Task.sleep(for: .seconds(patience))
            }
        }
        await postmaster.waitForEnd()
        escalation.cancel()
    }
}

extension EmbeddedCluster {
    private var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Starts the server again whenever it ends unasked, after 0.1 s, doubling up to 5 s while it does not stay up.
    private func supervise() {
        let supervisor = Task.detached { [self] in
            var pause = Duration.milliseconds(100)
            while let postmaster = state.withLock({ $0.postmaster }) {
                let began = ContinuousClock.now
                await postmaster.waitForEnd()
                if isStopping { return }
                pause = ContinuousClock.now - began > .seconds(30) ? .milliseconds(100) : min(pause * 2, .seconds(5))
                logger.error(
                    "the database server has ended and is started again",
                    metadata: ["last_words": "\(postmaster.lastWords)"])
                try? await Task.sleep(for: pause)
                if isStopping { return }
                await launchAgain()
            }
        }
        state.withLock { $0.supervisor = supervisor }
    }

    private func launchAgain() async {
        do {
            try await OrphanPostmaster(home: home, logger: logger).clear()
            try await launch()
            if isStopping, let postmaster = state.withLock({ $0.postmaster }) { postmaster.signal(SIGINT) }
            logger.notice("the database server is back")
        } catch {
            logger.error("the database server cannot be started", metadata: ["reason": "\(error)"])
        }
    }
}
