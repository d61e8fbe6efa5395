import Foundation
import Logging
import Postgres

/// The database a process works with: a server named by URL, or the private cluster in the data directory.
struct DatabaseSource: Sendable {
    let database: Database
    /// The private cluster, when this process runs it.
    let cluster: EmbeddedCluster?

    /// Reaches the database; the private cluster is made and started where there is none.
    ///
    /// With `mayJoin`, for commands, a cluster that a running server owns is used beside it, and a data directory that
    /// is not there is an error rather than made.
    static func open(_ configuration: ServeConfiguration, logger: Logger, mayJoin: Bool) async throws -> DatabaseSource
    {
        if let url = configuration.databaseURL {
            return DatabaseSource(
                database: Database(DatabaseConfiguration(connection: url), logger: logger), cluster: nil)
        }
        let directory = configuration.dataDirectory.path()
        if mayJoin, !FileManager.default.fileExists(atPath: directory) {
            throw CommandFailure(message: "There is no data directory \(directory); say where it is with --data-dir.")
        }
        if mayJoin, let running = EmbeddedCluster.running(dataDirectory: directory, logger: logger) {
            return DatabaseSource(database: Database(running, logger: logger), cluster: nil)
        }
        let cluster = try await EmbeddedCluster.start(dataDirectory: directory, logger: logger)
        return DatabaseSource(database: Database(cluster.configuration, logger: logger), cluster: cluster)
    }

    /// Ends the connections, then the private cluster.
    func close() async {
        await database.close()
        await cluster?.stop()
    }
}
