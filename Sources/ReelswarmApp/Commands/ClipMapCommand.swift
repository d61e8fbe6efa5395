import ArgumentParser
import Foundation

/// `reelswarm clip-map`: which bytes and pieces of a film hold a clip.
struct ClipMapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clip-map", abstract: "Show which bytes and pieces of a film hold a clip.",
        discussion: """
            T is seconds (62 or 62.5) or h:mm:ss (1:02:03.250). A film is looked into; a torrent must have a clip \
            index, as `create` writes it (docs/clip-index.md). Of a magnet link the .torrent that it names (xs) is \
            fetched; of a torrent's film nothing is.
            """)

    @Argument(help: "A film, a .torrent file, its URL, or a magnet link.") var source: String
    @Option(help: "Where the clip begins.") var start: String
    @Option(help: "Where the clip ends.") var end: String
    @Option(help: "Which file of the torrent (default: its largest film).") var file: String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let interval = try ClipSpan.interval(start: start, end: end)
        let map = try await StopSignals.orStopped { [source, file] in
            try await ClipMapSource(text: source, file: file).map(interval)
        }
        guard let map else { throw CommandFailure(message: "Stopped.") }
        if json { try Output.json(map) } else { Output.facts(map.lines) }
    }
}
