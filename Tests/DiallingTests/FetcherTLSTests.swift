import ByteCoding
import Dispatch
import Foundation
import Logging
import Testing

@testable import Dialling

/// Over TLS the connection goes to the checked address, and the certificate has to be that of the URL's name.
@Suite(.timeLimit(.minutes(1))) struct FetcherTLSTests {
    private static let logger = Logger(label: "test")

    /// An `openssl s_server` for a certificate of `localhost`, on a port of its own; nil where there is no openssl.
    private final class TLSServer {
        let folder: URL
        let port: UInt16
        private let process = Process()
        /// `waitUntilExit` turns the run loop of its thread, which a test's thread does not have.
        private let ended = DispatchSemaphore(value: 0)

        var certificate: String { folder.appending(path: "cert.pem").path() }

        init?() throws {
            let openssl = URL(filePath: "/usr/bin/openssl")
            guard FileManager.default.isExecutableFile(atPath: openssl.path()) else { return nil }
            let folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
            self.folder = folder
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let maker = Process()
            maker.executableURL = openssl
            maker.currentDirectoryURL = folder
            maker.arguments = [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out",
                "cert.pem",
            ]
            maker.standardError = FileHandle.nullDevice
            let made = DispatchSemaphore(value: 0)
            maker.terminationHandler = { _ in made.signal() }
            try maker.run()
            made.wait()
            let output = Pipe()
            process.executableURL = openssl
            process.currentDirectoryURL = folder
            process.arguments = [
                "s_server", "-accept", "127.0.0.1:0", "-cert", "cert.pem", "-key", "key.pem", "-www", "-naccept", "9",
            ]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            process.terminationHandler = { [ended] _ in ended.signal() }
            try process.run()
            var text = ""
            while let part = String(data: output.fileHandleForReading.availableData, encoding: .utf8), !part.isEmpty {
                text += part
                if let line = text.firstMatch(of: /ACCEPT [0-9.]+:(\d+)\n/), let port = UInt16(line.1) {
                    self.port = port
                    return
                }
            }
            try FileManager.default.removeItem(at: folder)
            throw CocoaError(.executableLoad)
        }

        deinit {
            // Not SIGTERM: the child inherits the mask of the thread that made it, which may hold that back for ever.
            kill(process.processIdentifier, SIGKILL)
            _ = ended.wait(timeout: .now() + 10)
            try? FileManager.default.removeItem(at: folder)
        }
    }

    @Test func theNameOfTheURLIsHeldAgainstTheCertificate() async throws {
        guard let server = try TLSServer() else {
            print("skipped: no openssl")
            return
        }
        let trusting = Fetcher(rules: .servers, authorities: server.certificate, logger: Self.logger)
        let fetched = try await trusting.get(
            "https://localhost:\(server.port)/", namedFrom: .loopback, limit: 1 << 20, timeout: .seconds(20),
            family: .ipv4)
        #expect(fetched.status == 200 && fetched.remote == IPAddress("127.0.0.1"))
        // The same server under a name that its certificate does not have.
        await #expect(throws: FetchError.self) {
            try await trusting.get(
                "https://127.0.0.1:\(server.port)/", namedFrom: .loopback, limit: 1 << 20, timeout: .seconds(20))
        }
        await trusting.shutdown()
        let strict = Fetcher(logger: Self.logger)
        await #expect(throws: FetchError.unreachable("its TLS certificate cannot be verified")) {
            try await strict.get(
                "https://localhost:\(server.port)/", namedFrom: .loopback, limit: 1 << 20, timeout: .seconds(20),
                family: .ipv4)
        }
        await strict.shutdown()
    }
}
