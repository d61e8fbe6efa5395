import ArgumentParser
import Foundation
import Logging
import Postgres
import Site

/// `reelswarm check`: whether `serve` would start with these options.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check configuration, templates, migrations, database and ports.")

    @OptionGroup var options: ServeOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let configuration = try options.resolved()
        var results: [CheckResult] = [CheckResult(name: "configuration", problem: nil)]
        results.append(Self.templates(configuration))
        results.append(Self.worker())
        results.append(await Self.database(configuration))
        results += Self.ports(configuration)
        if json {
            try Output.json(results)
        } else {
            Output.facts(results.map { ($0.name, $0.problem ?? "ok") })
        }
        let wrong = results.filter { $0.problem != nil }
        guard wrong.isEmpty else { throw CommandFailure(message: "\(wrong.count) of \(results.count) checks failed.") }
    }

    private static func templates(_ configuration: ServeConfiguration) -> CheckResult {
        let path = configuration.resources.appending(path: "Templates").path()
        return CheckResult("templates") { _ = try TemplateLibrary(directory: path) }
    }

    private static func worker() -> CheckResult {
        CheckResult("media worker") {
            guard FileManager.default.isExecutableFile(atPath: ProgramFiles.mediaWorker) else {
                throw CommandFailure(message: "\(ProgramFiles.mediaWorker) is missing.")
            }
        }
    }

    private static func database(_ configuration: ServeConfiguration) async -> CheckResult {
        let logger = Logger(label: "reelswarm") { LineLogHandler(label: $0, level: .error) }
        do {
            let source = try await DatabaseSource.open(configuration, logger: logger, mayJoin: true)
            let path = configuration.resources.appending(path: "migrations").path()
            do {
                _ = try await Migrations(directory: path).status(on: source.database)
            } catch {
                await source.close()
                throw error
            }
            await source.close()
            return CheckResult(name: "database", problem: nil)
        } catch {
            return CheckResult(name: "database", problem: CommandSentence.of(error))
        }
    }

    private static func ports(_ configuration: ServeConfiguration) -> [CheckResult] {
        let wanted = [
            ("web port", configuration.port, SOCK_STREAM),
            ("tracker port (TCP)", configuration.trackerPort, SOCK_STREAM),
            ("tracker port (UDP)", configuration.trackerPort, SOCK_DGRAM),
            ("peer port", configuration.peerPort, SOCK_STREAM),
        ]
        return wanted.map { name, port, kind in
            CheckResult("\(name) \(port)") {
                guard PortProbe.isFree(port, kind: kind) else { throw CommandFailure(message: "already in use") }
            }
        }
    }
}

/// One thing checked, and what is wrong with it.
struct CheckResult: Encodable {
    let name: String
    let problem: String?

    init(name: String, problem: String?) {
        self.name = name
        self.problem = problem
    }

    init(_ name: String, _ check: () throws -> Void) {
        do {
            try check()
            self.init(name: name, problem: nil)
        } catch {
            self.init(name: name, problem: CommandSentence.of(error))
        }
    }
}

/// Whether a port could be bound now.
enum PortProbe {
    static func isFree(_ port: Int, kind: __socket_type) -> Bool {
        guard port != 0 else { return true }
        let descriptor = socket(AF_INET, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var yes: Int32 = 1
        if kind == SOCK_STREAM {
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(clamping: port).bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
