import Foundation
import Logging
import Subprocess

/// Makes a new cluster with `initdb`, in a folder of another name that is renamed when it is whole: a program killed
/// in the middle leaves nothing that looks finished.
struct ClusterMaker {
    let home: ClusterHome
    let programs: ClusterPrograms
    let logger: Logger

    func makeIfNeeded() async throws {
        guard !home.isMade else { return }
        logger.info("making the database", metadata: ["path": "\(home.data)"])
        var failure = ""
        for locale in ["C.UTF-8", "C"] {
            try? FileManager.default.removeItem(atPath: home.dataInMaking)
            let outcome = try await initialise(locale: locale)
            guard outcome.isDone else {
                failure = outcome.said
                continue
            }
            try finish()
            return
        }
        throw ClusterError("initdb failed: \(failure.split(separator: "\n").suffix(2).joined(separator: " "))")
    }

    private func initialise(locale: String) async throws -> (isDone: Bool, said: String) {
        let command = home.user.command([
            "initdb", "-D", home.dataInMaking, "-U", "postgres", "--encoding=UTF8", "--locale=\(locale)",
            "--auth-local=trust", "--auth-host=reject", "--no-instructions",
        ])
        let result = try await Subprocess.run(
            command.executable, arguments: command.arguments, environment: programs.environment,
            workingDirectory: rootDirectory(), platformOptions: command.options, output: .discarded,
            error: .string(limit: 64 << 10))
        return (result.terminationStatus.isSuccess, result.standardError)
    }

    private func finish() throws {
        let path = home.dataInMaking + "/postgresql.conf"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try (text + "\ninclude_if_exists = '\(ClusterSettings.fileName)'\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        try home.user.own(path)
        try FileManager.default.moveItem(atPath: home.dataInMaking, toPath: home.data)
    }
}

/// The folder PostgreSQL's programs start in: its user may not be able to stand in ours, and they refuse that. Made by
/// the literal's protocol, since Subprocess's path type belongs to a package this target does not depend on.
func rootDirectory<Path: ExpressibleByStringLiteral>() -> Path where Path.StringLiteralType == String {
    Path(stringLiteral: "/")
}
