import Foundation
import Testing

@testable import ReelswarmApp

@Suite struct ConfigurationTests {
    private func resolved(_ arguments: [String] = [], environment: [String: String] = [:]) throws -> ServeConfiguration
    {
        try ServeOptions.parse(arguments).resolved(environment: environment)
    }

    private func file(_ text: String) throws -> String {
        let url = FileManager.default.temporaryDirectory.appending(path: "reelswarm-\(UUID().uuidString).conf")
        try text.write(to: url, atomically: true, encoding: .utf8)
        return url.path()
    }

    @Test func theDefaultsAreThoseOfTheDocument() throws {
        let configuration = try resolved()
        #expect(configuration.port == 8080)
        #expect(configuration.trackerPort == 6969)
        #expect(configuration.peerPort == 6881)
        #expect(configuration.hosts == ["0.0.0.0", "::"])
        #expect(configuration.databaseURL == nil)
        #expect(configuration.cacheLimit == 50 << 30)
    }

    @Test func flagsWinOverEnvironmentAndEnvironmentOverTheFile() throws {
        let path = try file("# ports\nREELSWARM_PORT=1\nREELSWARM_TRACKER_PORT=2\nREELSWARM_PEER_PORT=3\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let configuration = try resolved(
            ["--port", "10", "--config", path],
            environment: ["REELSWARM_PORT": "20", "REELSWARM_TRACKER_PORT": "21"])
        #expect(configuration.port == 10)
        #expect(configuration.trackerPort == 21)
        #expect(configuration.peerPort == 3)
    }

    @Test func listsComeFromRepeatedFlagsAndFromCommas() throws {
        #expect(try resolved(["--host", "127.0.0.1", "--host", "::1"]).hosts == ["127.0.0.1", "::1"])
        let configuration = try resolved(environment: ["REELSWARM_TRUSTED_PROXY": "10.0.0.0/8, 192.168.1.1/32"])
        #expect(configuration.trustedProxies.count == 2)
    }

    @Test(arguments: [
        ["--port", "99999"], ["--host", "films"], ["--public-url", "films.example"],
        ["--public-url", "https://films.example/path"], ["--peer-address", "localhost"], ["--cache-limit", "much"],
        ["--trusted-proxy", "10.0.0.0/99"], ["--resources", "/nowhere"], ["--config", "/nowhere"],
    ])
    func whatCannotBeIsAUsageError(_ arguments: [String]) {
        let failure = #expect(throws: CommandFailure.self) { try resolved(arguments) }
        #expect(failure?.status == 2)
        #expect(failure?.message.hasSuffix(".") == true)
    }

    @Test(arguments: ["REELSWARM_PROT=1", "PORT=1", "just words"])
    func aMistakenLineOfTheFileIsNamed(_ line: String) throws {
        let path = try file("# first\n\(line)\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let failure = #expect(throws: CommandFailure.self) { try ConfigurationFile.read(path: path) }
        #expect(failure?.message.contains("line 2") == true)
    }

    @Test(
        arguments: [
            ("0", 0), ("1024", 1024), ("1KiB", 1024), ("50 GiB", 50 << 30), ("2MB", 2_000_000), ("7b", 7),
        ] as [(String, Int64)])
    func sizesAreReadAsPeopleWriteThem(text: String, bytes: Int64) {
        #expect(ByteCount.parse(text) == bytes)
    }

    @Test(arguments: ["", "-1", "GiB", "9999999999TiB", "1.5GiB", "many"])
    func whatIsNoSizeIsRefused(_ text: String) {
        #expect(ByteCount.parse(text) == nil)
    }

    @Test func theExampleFileHasEverySettingAndNoOther() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
        let text = try String(contentsOf: root.appending(path: "reelswarm.conf.example"), encoding: .utf8)
        let names = text.matches(of: /(?m)^#?REELSWARM_([A-Z_]+)=/).map { String($0.1) }
        #expect(Set(names) == ConfigurationFile.knownNames)
    }
}
