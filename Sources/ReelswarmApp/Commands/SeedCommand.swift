import ArgumentParser
import Configuration
import Foundation
import Mediaspace
import Metainfo

/// `reelswarm seed`: shares films, folders and what .torrent files describe, until told to stop.
struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed", abstract: "Share films with the swarm.",
        discussion: """
            A .torrent is seeded with its data beside it or in --data. A film or folder gets a .torrent beside it, \
            unless there is one. Watched folders are looked into again and again, with all folders in them: each new \
            film becomes a torrent beside it, each new .torrent is seeded. RATE is 500k, 2M or bytes a second.
            """)

    @Argument(help: "A .torrent file, a film or a folder; repeatable.") var paths: [String] = []
    @Option(help: "Folder with the data of .torrent files.") var data: String?
    @Option(help: "Folder to watch; repeatable.") var watch: [String] = []
    @Option(help: "Seconds between two looks into watched folders, 1 to 86400 (default: 60).")
    var watchInterval: Int?
    @Option(help: "Tracker URL for torrents that are made; repeatable, each a tier of its own.")
    var announce: [String] = []
    @Option(help: "URL of the same content over HTTP (BEP 19) for torrents that are made; repeatable.")
    var webSeed: [String] = []
    @Option(help: "v1, hybrid or v2, for torrents that are made (default: v1).")
    var format: String?
    @OptionGroup var swarm: SwarmOptions
    @Flag(help: "Print one line of JSON for each torrent.") var json = false

    func run() async throws {
        let (errand, settings) = try resolved()
        SwarmSession.bootstrap(settings)
        let folder = try errand.spaceFolder()
        defer { folder.removeIfTemporary() }
        let session = try await SwarmSession.open(folder.path, settings: settings)
        let line = SwarmLine()
        let desk = SeedDesk(json: json, line: line)
        do {
            _ = try await StopSignals.orStopped { try await errand.run(in: session.space, desk: desk) }
        } catch {
            line.clear()
            await session.close()
            throw CommandFailure(message: (error as? SpaceError)?.message ?? CommandSentence.of(error))
        }
        line.clear()
        await session.close()
    }

    /// The errand and the settings: flags before environment before the defaults.
    func resolved(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> (SeedErrand, SwarmSettings) {
        var flags = swarm.flags
        let given: [(String, String?)] = [
            ("DATA", data), ("FORMAT", format), ("WATCH_INTERVAL", watchInterval.map(String.init)),
            ("WATCH", watch.isEmpty ? nil : watch.joined(separator: ",")),
            ("ANNOUNCE", announce.isEmpty ? nil : announce.joined(separator: ",")),
            ("WEB_SEED", webSeed.isEmpty ? nil : webSeed.joined(separator: ",")),
        ]
        for (name, value) in given { flags["REELSWARM_" + name] = value }
        let reader = SwarmSettings.reader(flags: flags, environment: environment)
        var errand = SeedErrand(paths: paths, data: reader.text("data"))
        errand.watched = watch.isEmpty ? reader.list("watch") : watch
        errand.interval = .seconds(
            try reader.number("watch.interval", "The interval", in: 1...86_400, default: 60))
        errand.options.announceTiers = (announce.isEmpty ? reader.list("announce") : announce).map { [$0] }
        errand.options.webSeeds = webSeed.isEmpty ? reader.list("web.seed") : webSeed
        let format = reader.string(forKey: "format", default: TorrentFormat.v1.rawValue)
        errand.options.format = try CommandFailure.require(
            TorrentFormat(rawValue: format), "The format must be v1, hybrid or v2, not '\(format)'.")
        guard !errand.paths.isEmpty || !errand.watched.isEmpty else {
            throw CommandFailure.usage("Say what to seed: a .torrent, a film or a folder, or --watch FOLDER.")
        }
        return (errand, try SwarmSettings(reader: reader, port: 6881, usesDHT: false))
    }
}
