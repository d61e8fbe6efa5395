import ArgumentParser

/// `reelswarm`: the root of the command line.
struct ReelswarmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reelswarm",
        abstract: "A video site that publishes every upload as a torrent, seeds it and tracks it.",
        discussion: """
            Every option of `serve`, `track`, `get` and `seed` has an environment twin (--tracker-port is \
            REELSWARM_TRACKER_PORT); those of `serve` and `track` may stand in the file given with --config. Run \
            `reelswarm help COMMAND` for the details of one command.
            """,
        version: ReelswarmVersion.text,
        subcommands: [
            ServeCommand.self, GetCommand.self, SeedCommand.self, TrackCommand.self, CheckCommand.self,
            CreateCommand.self, InspectCommand.self, ClipMapCommand.self,
            ProbeCommand.self, CutCommand.self, UserCommand.self, TokenCommand.self, VersionCommand.self,
        ])
}

/// `reelswarm version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        if json {
            try Output.json(["version": ReelswarmVersion.number])
        } else {
            print(ReelswarmVersion.text)
        }
    }
}
