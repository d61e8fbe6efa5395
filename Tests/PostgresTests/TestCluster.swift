import Foundation
import Logging
import Synchronization
import Testing

@testable import Postgres

/// One cluster for all tests of this process, removed when it exits. What a crashed run left is removed first.
enum TestCluster {
    private static let running = Mutex<(cluster: EmbeddedCluster, folder: String)?>(nil)

    private static let starting = Task {
        TestFolder.sweep()
        let folder = try TestFolder.make()
        let cluster = try await EmbeddedCluster.start(dataDirectory: folder, logger: logger)
        running.withLock { $0 = (cluster, folder) }
        atexit {
            TestCluster.running.withLock { state in
                state?.cluster.abandon()
                if let folder = state?.folder { try? FileManager.default.removeItem(atPath: folder) }
                state = nil
            }
        }
        return cluster
    }

    static var logger: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    static func cluster() async throws -> EmbeddedCluster { try await starting.value }

    /// Runs a test on an empty database of its own.
    static func withDatabase(
        _ adjust: (inout DatabaseConfiguration) -> Void = { _ in },
        _ body: (Database) async throws -> Void
    ) async throws {
        let cluster = try await cluster()
        let name = "t" + String(UInt64.random(in: 0...UInt64.max), radix: 16)
        try await cluster.createDatabase(name)
        var configuration = cluster.configuration(database: name)
        adjust(&configuration)
        let database = Database(configuration, logger: logger)
        do {
            try await body(database)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}

/// Folders for clusters of tests, named after the test process.
enum TestFolder {
    private static let prefix = "reelswarm-test-"

    static func make() throws -> String {
        let path = "/tmp/\(prefix)\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        return path
    }

    /// Stops servers and removes folders of test processes that are gone.
    static func sweep() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? [] where name.hasPrefix(prefix) {
            guard let owner = name.dropFirst(prefix.count).split(separator: "-").first.flatMap({ pid_t($0) }),
                kill(owner, 0) != 0, errno == ESRCH
            else { continue }
            let folder = "/tmp/" + name
            let note = try? String(contentsOfFile: folder + "/postgres/data/postmaster.pid", encoding: .utf8)
            if let number = note?.split(separator: "\n").first.flatMap({ pid_t($0) }), number > 1,
                FileManager.default.contents(atPath: "/proc/\(number)/cmdline")?
                    .split(separator: 0).contains(where: { $0.elementsEqual((folder + "/postgres/data").utf8) }) == true
            {
                kill(number, SIGQUIT)
                for _ in 0..<200 where kill(number, 0) == 0 { usleep(20_000) }
            }
            let socket = try? String(contentsOfFile: folder + "/postgres/socket", encoding: .utf8)
            for path in [socket, folder].compactMap({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
        }
    }
}
