import Accounts
import Foundation
import Logging
import Postgres
import Publishing
import ServiceLifecycle
import Site
import UnixSignals

/// The whole server: opens the database, builds the parts, runs them, and stops them in reverse order.
struct ReelswarmServer {
    let configuration: ServeConfiguration
    let metrics: PrometheusRegistry
    private let logger = Logger(label: "reelswarm")

    init(configuration: ServeConfiguration, metrics: PrometheusRegistry) {
        self.configuration = configuration
        self.metrics = metrics
    }

    /// Returns after a graceful stop (SIGTERM, SIGINT); throws what kept the server from starting or made it end.
    func run() async throws {
        try FileManager.default.createDirectory(at: configuration.dataDirectory, withIntermediateDirectories: true)
        let lock = try DirectoryLock(directory: configuration.dataDirectory.path(), name: "server.lock")
        PortsFile.remove(in: configuration.dataDirectory)
        let source = try await DatabaseSource.open(configuration, logger: logger, mayJoin: false)
        do {
            try await serve(from: source)
        } catch {
            await source.close()
            throw error
        }
        await source.close()
        logger.info("stopped")
        lock.release()
    }

    private func serve(from source: DatabaseSource) async throws {
        let parts = try await ServerParts.build(
            configuration, database: source.database, metrics: metrics, logger: logger)
        try await parts.publisher.resumeAll()
        try await parts.swarms.restore()
        let ports = try await parts.bind()
        try await announceSetUp(parts, ports)
        defer { PortsFile.remove(in: configuration.dataDirectory) }
        let readiness = Readiness { try sayReady(ports) }
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: (parts.services + [readiness]).map {
                    .init(
                        service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        ).run()
    }

    private func sayReady(_ ports: PortsFile) throws {
        try ports.write(in: configuration.dataDirectory)
        logger.info(
            "ready",
            metadata: [
                "url": "\(address(ports))", "http": "\(ports.http)", "tracker": "\(ports.tracker)",
                "peer": "\(ports.peer)",
            ])
    }

    /// Makes the first user, or prints the link with which a person does.
    private func announceSetUp(_ parts: ServerParts, _ ports: PortsFile) async throws {
        if let password = configuration.adminPassword, !password.isEmpty {
            if try await parts.accounts.ensureAdmin(password: password) { logger.info("user admin made") }
        } else if let token = try await parts.accounts.makeSetupToken() {
            let link = "\(address(ports))/setup?token=\(token)"
            FileHandle.standardOutput.write(
                Data("\nNobody can log in yet. Make the first user here, once:\n\n  \(link)\n\n".utf8))
        }
    }

    private func address(_ ports: PortsFile) -> String {
        configuration.publicURL?.origin ?? "http://localhost:\(ports.http)"
    }
}

/// Says that the server is ready once its services run: from then on a signal ends it gracefully.
private struct Readiness: Service {
    let say: @Sendable () throws -> Void

    func run() async throws {
        try say()
        try? await gracefulShutdown()
    }
}
