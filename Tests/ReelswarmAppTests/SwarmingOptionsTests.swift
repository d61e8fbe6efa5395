import ByteCoding
import Foundation
import Logging
import Mediaspace
import Metainfo
import Testing
import TorrentEngine

@testable import ReelswarmApp

@Suite struct SwarmingOptionsTests {
    private func get(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (GetErrand, SwarmSettings) {
        try GetCommand.parse(arguments).resolved(environment: environment)
    }

    private func seed(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (SeedErrand, SwarmSettings) {
        try SeedCommand.parse(arguments).resolved(environment: environment)
    }

    @Test func theDefaultsOfGetAreThoseOfTheHelp() throws {
        let (errand, settings) = try get(["film.torrent"])
        #expect(errand.source == "film.torrent" && errand.part == nil && errand.peers.isEmpty && !errand.seeds)
        #expect(errand.target == OutputTarget("."))
        #expect(settings.space.port == 0 && settings.space.hosts == ["0.0.0.0", "::"])
        #expect(settings.space.usesDHT && settings.space.encryption == .accepted)
        #expect(settings.space.allowsPrivateAddresses && !settings.space.allowsPrivatePeers)
        #expect(settings.space.downloadLimit == nil && settings.log == nil && settings.logLevel == .warning)
    }

    @Test func everyFlagOfGetArrives() throws {
        let (errand, settings) = try get([
            "magnet:?xt=x", "-o", "/nowhere/new", "--bytes", "5-9", "--seed", "--peer", "127.0.0.1:7", "--peer",
            "[::1]:8",
            "--peer-port", "9", "--host", "127.0.0.1", "--down", "500k", "--up", "2M", "--encryption", "required",
            "--no-dht", "--dht-node", "127.0.0.1:10", "--local-discovery", "--allow-private-peers", "--log", "log",
            "--ports-file", "ports", "--log-level", "debug",
        ])
        #expect(errand.target == OutputTarget("/nowhere/new"))
        #expect(errand.part?.bytes == 5..<10 && errand.seeds)
        #expect(errand.peers.map(\.description) == ["127.0.0.1:7", "[::1]:8"])
        #expect(settings.space.port == 9 && settings.space.hosts == ["127.0.0.1"])
        #expect(settings.space.downloadLimit == 500_000 && settings.space.uploadLimit == 2_000_000)
        #expect(settings.space.encryption == .required && !settings.space.usesDHT)
        #expect(settings.space.dhtNodes.map(\.description) == ["127.0.0.1:10"])
        #expect(settings.space.usesLocalDiscovery && settings.space.allowsPrivatePeers)
        #expect(settings.log == "log" && settings.portsFile == "ports" && settings.logLevel == .debug)
    }

    @Test func everyFlagHasAnEnvironmentTwin() throws {
        let environment = [
            "OUTPUT": "/nowhere/new", "BYTES": "5-9", "SEED": "true", "PEER": "127.0.0.1:7,[::1]:8", "PEER_PORT": "9",
            "HOST": "127.0.0.1", "DOWN": "500k", "UP": "2M", "ENCRYPTION": "preferred", "DHT": "false",
            "DHT_NODE": "127.0.0.1:10", "LOCAL_DISCOVERY": "yes", "ALLOW_PRIVATE_PEERS": "1", "LOG": "log",
            "PORTS_FILE": "ports", "LOG_LEVEL": "debug",
        ]
        let (errand, settings) = try get(
            ["film.torrent"],
            environment: Dictionary(uniqueKeysWithValues: environment.map { ("REELSWARM_" + $0.key, $0.value) }))
        #expect(errand.target == OutputTarget("/nowhere/new") && errand.part?.bytes == 5..<10 && errand.seeds)
        #expect(errand.peers.count == 2 && settings.space.port == 9 && settings.space.hosts == ["127.0.0.1"])
        #expect(settings.space.downloadLimit == 500_000 && settings.space.uploadLimit == 2_000_000)
        #expect(settings.space.encryption == .preferred && !settings.space.usesDHT)
        #expect(settings.space.usesLocalDiscovery && settings.space.allowsPrivatePeers)
        #expect(settings.log == "log" && settings.portsFile == "ports" && settings.logLevel == .debug)
    }

    @Test func aNodeOfTheDHTTurnsItOn() throws {
        #expect(try seed(["film.mp4"]).1.space.usesDHT == false)
        #expect(try seed(["film.mp4", "--dht"]).1.space.usesDHT)
        #expect(try seed(["film.mp4", "--dht-node", "127.0.0.1:10"]).1.space.usesDHT)
    }

    @Test func everyFlagOfSeedArrives() throws {
        let (errand, settings) = try seed([
            "a.torrent", "b.mp4", "--data", "data", "--watch", "one", "--watch", "two", "--watch-interval", "5",
            "--announce", "udp://one.example:1/announce", "--announce", "udp://two.example:2/announce",
            "--web-seed", "http://films.example/a,b", "--format", "hybrid",
        ])
        #expect(errand.paths == ["a.torrent", "b.mp4"] && errand.data == "data" && errand.watched == ["one", "two"])
        #expect(errand.interval == .seconds(5) && errand.options.format == .hybrid)
        #expect(
            errand.options.announceTiers == [["udp://one.example:1/announce"], ["udp://two.example:2/announce"]])
        #expect(errand.options.webSeeds == ["http://films.example/a,b"])
        #expect(errand.options.writesTorrent && !errand.options.copies)
        #expect(settings.space.port == 6881)
    }

    @Test func aWatchedFolderOfTheEnvironmentIsEnough() throws {
        let (errand, _) = try seed([], environment: ["REELSWARM_WATCH": "films", "REELSWARM_WATCH_INTERVAL": "7"])
        #expect(errand.watched == ["films"] && errand.interval == .seconds(7))
    }

    @Test(arguments: [
        ["film", "--bytes", "9-5"], ["film", "--bytes", "five"], ["film", "--down", "fast"], ["film", "--up", "0"],
        ["film", "--peer", "films.example"], ["film", "--peer-port", "65536"], ["film", "--encryption", "maybe"],
        ["film", "--dht-node", "1.2.3.4"], ["film", "--log-level", "loud"], ["film", "--host", "films"],
    ])
    func whatCannotBeIsAUsageErrorWithASentence(_ arguments: [String]) {
        let failure = #expect(throws: CommandFailure.self) { try get(arguments) }
        #expect(failure?.status == 2 && failure?.message.hasSuffix(".") == true)
    }

    @Test(arguments: [[], ["film", "--watch-interval", "0"], ["film", "--format", "v3"]])
    func whatCannotBeSeededIsAUsageError(_ arguments: [String]) {
        let failure = #expect(throws: CommandFailure.self) { try seed(arguments) }
        #expect(failure?.status == 2 && failure?.message.hasSuffix(".") == true)
    }
}

@Suite struct SwarmingArgumentTests {
    @Test(arguments: [
        ("500k", 500_000), ("2M", 2_000_000), ("1.5m", 1_500_000), ("65536", 65_536), ("64KiB", 65_536),
        ("1g", 1_000_000_000),
        ("10B", 10),
    ]) func ratesAreReadAsPeopleWriteThem(_ text: String, _ bytes: Int) {
        #expect(ByteRate.parse(text) == bytes)
    }

    @Test(arguments: ["", "k", "-1", "0", "0.1", "1x", "1e99", "nan", "1..2", "99999999999999999999g", "１k"])
    func whatIsNoRateIsRefused(_ text: String) { #expect(ByteRate.parse(text) == nil) }

    @Test func partsIncludeBothEnds() {
        #expect(ByteSpanArgument.parse("0-0") == 0..<1)
        #expect(ByteSpanArgument.parse("10-19") == 10..<20)
        #expect(ByteSpanArgument.parse("10-") == 10..<Int64.max)
    }

    @Test(arguments: [
        "", "-", "-5", "5", "9-8", "1-2-3", "a-b", "+1-2", "0-9223372036854775807", "99999999999999999999-",
    ])
    func whatIsNoPartIsRefused(_ text: String) { #expect(ByteSpanArgument.parse(text) == nil) }

    @Test func anOutputIsAFolderOrAName() throws {
        let file = try TemporaryFile("")
        let folder = URL(filePath: file.path).deletingLastPathComponent().path(percentEncoded: false)
        #expect(OutputTarget(folder).name == nil)
        #expect(OutputTarget("/nowhere/new/").name == nil)
        #expect(OutputTarget("/nowhere/new/").path(for: "film.mp4", part: nil) == "/nowhere/new/film.mp4")
        #expect(OutputTarget("/nowhere/new/").path(for: "film.mp4", part: "0-9") == "/nowhere/new/film.mp4.0-9")
        #expect(OutputTarget("/nowhere/other.mp4").name == "other.mp4")
        #expect(OutputTarget("/nowhere/other.mp4").path(for: "film.mp4", part: "0-9") == "/nowhere/other.mp4")
        #expect(OutputTarget(nil).folder.hasSuffix("/") && OutputTarget(nil).name == nil)
    }
}

@Suite struct SwarmingOutputTests {
    private func status(_ state: MediaState) throws -> MediaStatus {
        var status = MediaStatus(id: try #require(MediaID(String(repeating: "ab", count: 20))), state: state)
        status.name = "film\u{1b}[2J.mp4"
        status.progress = 0.43
        status.doneBytes = 43 << 20
        status.wantedBytes = 100 << 20
        status.downloadRate = 1_048_576
        status.eta = .seconds(3725)
        status.peers = 1
        return status
    }

    @Test func aLineTellsWhatMattersFirst() throws {
        let parts = SwarmLine.text(try status(.downloading))
        #expect(parts[0].hasPrefix("film\\u001b[2J.mp4 ████████░"))
        #expect(parts[0].hasSuffix("43 %"))
        #expect(
            parts.dropFirst() == [
                "↓ 1.0 MiB/s", "1:02:05 left", "1 peer", "↑ 0 B/s", "43.0 MiB of 100.0 MiB",
            ])
        #expect(SwarmLine.text(try status(.validating)).contains("validating"))
        var unknown = try status(.downloading)
        unknown.wantedBytes = 0
        #expect(SwarmLine.text(unknown).dropFirst() == ["preparing", "1 peer"])
    }

    @Test func aLineNeverIsWiderThanTheTerminal() throws {
        let parts = SwarmLine.text(try status(.downloading))
        for width in 0..<120 { #expect(SwarmLine.fit(parts, width: width).count <= width) }
        #expect(SwarmLine.fit(["one", "two", "three"], width: 9) == "one  two")
    }

    @Test func aSummaryCountsWhatIsActive() throws {
        var seeding = try status(.seeding)
        seeding.uploaded = 5 << 20
        var resting = seeding
        resting.isActive = false
        #expect(SwarmLine.text([seeding, resting]) == ["seeding 1", "↑ 0 B/s", "1 peer", "sent 5.0 MiB"])
        #expect(SwarmLine.text([seeding, try status(.validating)]).contains("preparing 1"))
    }

    @Test func aTimeHasNoMoreThanItNeeds() {
        #expect(SwarmLine.time(.seconds(5)) == "0:05")
        #expect(SwarmLine.time(.seconds(65)) == "1:05")
        #expect(SwarmLine.time(.seconds(3600)) == "1:00:00")
        #expect(SwarmLine.time(.seconds(-5)) == "0:00")
        #expect(SwarmLine.time(.seconds(Int64.max)) == "99:59:59")
    }

    @Test func theProtocolLogIsOneLineAnEvent() throws {
        let event = ProtocolEvent(
            infoHash: InfoHash(hex: String(repeating: "ab", count: 20)), peer: Endpoint("127.0.0.1:6881"),
            direction: .received, text: "extended handshake of \"evil\nclient\"")
        #expect(
            ProtocolLog.line(event, at: .milliseconds(1204))
                == "    1.204 abababab 127.0.0.1:6881         < extended handshake of \"evil\\nclient\"")
        let bare = ProtocolEvent(direction: .noted, text: "listening")
        #expect(ProtocolLog.line(bare, at: .zero).hasSuffix("* listening"))
    }

    @Test func theProtocolLogIsWholeWhenItIsClosed() throws {
        let file = try TemporaryFile("old")
        let log = try ProtocolLog(path: file.path)
        for number in 0..<500 { log.write(ProtocolEvent(direction: .sent, text: "have \(number)")) }
        log.close()
        let lines = try String(contentsOfFile: file.path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 500 && lines.last?.hasSuffix("> have 499") == true)
        #expect(throws: CommandFailure.self) { try ProtocolLog(path: "/nowhere/log") }
    }
}
