import Logging
import Testing
import TrackerServer

@testable import ReelswarmApp

@Suite struct TrackOptionsTests {
    private func resolved(_ arguments: [String], environment: [String: String] = [:]) throws -> TrackConfiguration {
        try TrackOptions.parse(arguments).resolved(environment: environment)
    }

    @Test func theDefaultsAreThoseOfTheHelp() throws {
        let configuration = try resolved(["--open"])
        #expect(configuration.admission == .open)
        #expect(configuration.hosts == ["0.0.0.0", "::"])
        #expect(configuration.port == 6969)
        #expect(configuration.interval == 900)
        #expect(configuration.peers == 50)
        #expect(configuration.passkeys == nil && configuration.state == nil && configuration.portsFile == nil)
        #expect(!configuration.logsAnnounces)
        #expect(configuration.logLevel == .info)
    }

    @Test func everyFlagArrives() throws {
        let configuration = try resolved([
            "--allow", "torrents", "--passkeys", "keys", "--state", "swarms", "--host", "127.0.0.1", "--host", "::1",
            "--tracker-port", "7", "--interval", "60", "--peers", "80", "--log-announces", "--ports-file", "ports",
            "--log-level", "debug", "--trusted-proxy", "10.0.0.0/8",
        ])
        #expect(configuration.admission == .file(path: "torrents"))
        #expect(configuration.passkeys == "keys")
        #expect(configuration.state == "swarms")
        #expect(configuration.hosts == ["127.0.0.1", "::1"])
        #expect(configuration.port == 7)
        #expect(configuration.interval == 60)
        #expect(configuration.peers == 80)
        #expect(configuration.logsAnnounces)
        #expect(configuration.portsFile == "ports")
        #expect(configuration.logLevel == .debug)
        #expect(configuration.trustedProxies.count == 1)
    }

    @Test func everyFlagHasAnEnvironmentTwin() throws {
        let environment = [
            "OPEN": "false", "ALLOW": "torrents", "PASSKEYS": "keys", "STATE": "swarms", "HOST": "127.0.0.1,::1",
            "TRACKER_PORT": "7", "INTERVAL": "60", "PEERS": "80", "LOG_ANNOUNCES": "yes", "PORTS_FILE": "ports",
            "LOG_LEVEL": "debug", "TRUSTED_PROXY": "10.0.0.0/8",
        ]
        let configuration = try resolved(
            [], environment: Dictionary(uniqueKeysWithValues: environment.map { ("REELSWARM_" + $0.key, $0.value) }))
        #expect(configuration.admission == .file(path: "torrents"))
        #expect(configuration.passkeys == "keys")
        #expect(configuration.state == "swarms")
        #expect(configuration.hosts.count == 2)
        #expect(configuration.port == 7)
        #expect(configuration.interval == 60)
        #expect(configuration.peers == 80)
        #expect(configuration.logsAnnounces)
        #expect(configuration.portsFile == "ports")
        #expect(configuration.logLevel == .debug)
        #expect(configuration.trustedProxies.count == 1)
    }

    @Test func aFlagUndoesTheOtherWordOfTheEnvironment() throws {
        let open = try resolved(["--open"], environment: ["REELSWARM_ALLOW": "torrents"])
        #expect(open.admission == .open)
        let listed = try resolved(["--allow", "torrents"], environment: ["REELSWARM_OPEN": "true"])
        #expect(listed.admission == .file(path: "torrents"))
    }

    @Test(arguments: [
        [], ["--open", "--allow", "torrents"], ["--open", "--interval", "9"], ["--open", "--interval", "14401"],
        ["--open", "--peers", "0"], ["--open", "--peers", "81"], ["--open", "--tracker-port", "65536"],
        ["--open", "--host", "films"], ["--open", "--log-level", "loud"], ["--open", "--trusted-proxy", "proxy"],
    ])
    func whatCannotBeIsAUsageErrorWithASentence(_ arguments: [String]) {
        let failure = #expect(throws: CommandFailure.self) { try resolved(arguments) }
        #expect(failure?.status == 2)
        #expect(failure?.message.hasSuffix(".") == true)
    }

    @Test func aShortIntervalShortensTheLeastOneToo() throws {
        let policy = try resolved(["--open", "--interval", "20", "--peers", "10"]).policy
        #expect(policy.interval == 20)
        #expect(policy.minimumInterval <= 20)
        #expect(policy.maximumPeersWanted == 10)
        #expect(policy.defaultPeersWanted == 10)
    }
}
