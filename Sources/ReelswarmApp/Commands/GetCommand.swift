import ArgumentParser
import ByteCoding
import Configuration
import Foundation
import Mediaspace

/// `reelswarm get`: a film or folder out of the swarm, whole or a part.
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Get a film or folder out of the swarm.",
        discussion: """
            Ctrl-C ends it cleanly; the same command goes on where it stopped. Several `get` into one folder share what \
            they fetch. RATE is 500k, 2M or bytes a second.
            """)

    @Argument(help: "A .torrent file, its URL, a magnet link or an info hash.") var source: String
    @Option(
        name: [.customShort("o"), .long],
        help: "Folder to put it into (one that exists, or ends in /), or name to give it (default: here).")
    var output: String?
    @Option(help: "Only these bytes, both ends included: 0-1048575; the file holds just them.")
    var bytes: String?
    @Flag(help: "Go on seeding when everything is here, until Ctrl-C.") var seed = false
    @Option(help: "Peer to begin with, as IP:PORT or [IP]:PORT; repeatable.") var peer: [String] = []
    @OptionGroup var swarm: SwarmOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let (errand, settings) = try resolved()
        SwarmSession.bootstrap(settings)
        let session = try await SwarmSession.open(errand.target.folder, settings: settings)
        let line = SwarmLine()
        let result: Result<GetErrand.Outcome?, any Error>
        do {
            result = .success(try await StopSignals.orStopped { try await work(errand, in: session, line) })
        } catch {
            result = .failure(error)
        }
        line.clear()
        await session.close()
        guard try result.mapError(Self.failure).get() == nil else { return }
        throw CommandFailure(message: "Stopped before everything was here; the same command goes on from there.")
    }

    /// The errand and the settings: flags before environment before the defaults.
    func resolved(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> (GetErrand, SwarmSettings) {
        var flags = swarm.flags
        if let output { flags["REELSWARM_OUTPUT"] = output }
        if let bytes { flags["REELSWARM_BYTES"] = bytes }
        if seed { flags["REELSWARM_SEED"] = "true" }
        if !peer.isEmpty { flags["REELSWARM_PEER"] = peer.joined(separator: ",") }
        let reader = SwarmSettings.reader(flags: flags, environment: environment)
        var errand = GetErrand(source: source, target: OutputTarget(reader.text("output")))
        errand.part = try reader.text("bytes").map { text in
            let range = try CommandFailure.require(
                ByteSpanArgument.parse(text), "'\(text)' is not a part such as 0-1048575.")
            return (text, range)
        }
        errand.peers = try reader.list("peer").map {
            try CommandFailure.require(Endpoint($0), "'\($0)' is not a peer such as 192.0.2.1:6881.")
        }
        errand.seeds = try reader.isOn("seed")
        return (errand, try SwarmSettings(reader: reader, port: 0, usesDHT: true))
    }

    /// Gets, tells, and seeds on where that was asked for.
    private func work(_ errand: GetErrand, in session: SwarmSession, _ line: SwarmLine) async throws
        -> GetErrand.Outcome
    {
        let outcome = try await errand.run(in: session.space) { line.show($0) }
        line.clear()
        if json { try Output.json(outcome) } else { print("\(outcome.path)  \(outcome.infohash)") }
        fflush(nil)
        if errand.seeds {
            // Ends by cancellation when a signal comes.
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        }
        if !outcome.wasKnown, let id = MediaID(outcome.infohash) { try? await session.space.remove(id) }
        return outcome
    }

    private static func failure(_ error: any Error) -> CommandFailure {
        error as? CommandFailure ?? CommandFailure(message: (error as? SpaceError)?.message ?? "\(error)")
    }
}
