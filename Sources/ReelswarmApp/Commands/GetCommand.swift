import ArgumentParser
import ByteCoding
import ClipIndex
import Configuration
import Foundation
import Media
import Mediaspace

/// `reelswarm get`: a film or folder out of the swarm, whole or a part.
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Get a film or folder out of the swarm.",
        discussion: """
            Ctrl-C ends it cleanly; the same command goes on where it stopped. Several `get` into one folder share \
            what they fetch. RATE is 500k, 2M or bytes a second.

            With --start and --end only the pieces that hold that part of the film are fetched, and a playable file is \
            written. T is seconds (62 or 62.5) or h:mm:ss (1:02:03.250). What was fetched stays in the folder \
            .reelswarm beside the clip for further clips, or the whole film. A film that lies in the folder already, \
            under its name or another, is used and stays as it is.
            """)

    @Argument(help: "A .torrent file, its URL, a magnet link or an info hash.") var source: String
    @Option(
        name: [.customShort("o"), .long],
        help: "Folder to put it into (one that exists, or ends in /), or name to give it (default: here).")
    var output: String?
    @Option(help: "Only these bytes, both ends included: 0-1048575; the file holds just them.")
    var bytes: String?
    @Option(help: "Where a clip begins (default: the film's start); only what it needs is fetched.") var start: String?
    @Option(help: "Where a clip ends (default: the film's end).") var end: String?
    @Option(help: "The film for a clip, of several: its path in the torrent (default: the largest).")
    var file: String?
    @Flag(help: "Encode a clip anew, so that it begins and ends exactly there in every container.") var exact = false
    @Flag(help: "Go on seeding when everything is here, until Ctrl-C.") var seed = false
    @Option(help: "Peer to begin with, as IP:PORT or [IP]:PORT; repeatable.") var peer: [String] = []
    @OptionGroup var swarm: SwarmOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let (errand, settings) = try resolved()
        SwarmSession.bootstrap(settings)
        let session = try await SwarmSession.open(errand.target.folder, settings: settings)
        let line = SwarmLine()
        let result: Result<Bool?, any Error>
        do {
            result = .success(
                try await StopSignals.orStopped {
                    if let clip = errand.clip { return try await work(clip, in: session, line) }
                    return try await work(errand, in: session, line)
                })
        } catch {
            result = .failure(error)
        }
        line.clear()
        await session.close()
        guard try result.mapError(Self.failure).get() == nil else { return }
        let what = errand.clip == nil ? "everything was here" : "the clip was written"
        throw CommandFailure(message: "Stopped before \(what); the same command goes on from there.")
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
        if let clip = try clip() {
            guard errand.part == nil else { throw CommandFailure.usage("--bytes and --start do not go together.") }
            errand.clip = GetClipErrand(
                source: source, clip: clip, target: errand.target, peers: errand.peers, seeds: errand.seeds)
        }
        return (errand, try SwarmSettings(reader: reader, port: 0, usesDHT: true))
    }

    /// The part by its times; nil where none are given. Throws a wrong usage for what is no interval.
    private func clip() throws -> ClipRequest? {
        guard start != nil || end != nil else {
            guard file == nil, !exact else {
                throw CommandFailure.usage("--file and --exact need --start or --end.")
            }
            return nil
        }
        let interval = try ClipSpan.interval(start: start ?? "0", end: end ?? "\(Int(ClipRequest.filmEnd))")
        return ClipRequest(
            start: interval.startSeconds, end: interval.endSeconds, file: file, mode: exact ? .exact : .copy)
    }

    /// Gets a clip, tells what it costs and what has become of it, and seeds on where that was asked for.
    private func work(_ errand: GetClipErrand, in session: SwarmSession, _ line: SwarmLine) async throws -> Bool {
        let json = json
        let outcome = try await errand.run(in: session.space) {
            line.show($0)
        } onEstimate: { estimate in
            line.clear()
            if !json { print(GetClipErrand.line(estimate)) }
            fflush(nil)
        } onEncoding: {
            line.show(encoding: $0)
        }
        line.clear()
        if json {
            try Output.json(outcome)
        } else {
            print(GetClipErrand.lines(outcome).joined(separator: "\n"))
        }
        fflush(nil)
        if errand.seeds { await Self.untilCancelled() }
        return true
    }

    private static func untilCancelled() async {
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    }

    /// Gets, tells, and seeds on where that was asked for.
    private func work(_ errand: GetErrand, in session: SwarmSession, _ line: SwarmLine) async throws -> Bool {
        let outcome = try await errand.run(in: session.space) { line.show($0) }
        line.clear()
        if json { try Output.json(outcome) } else { print("\(outcome.path)  \(outcome.infohash)") }
        fflush(nil)
        if errand.seeds { await Self.untilCancelled() }
        if !outcome.wasKnown, let id = MediaID(outcome.infohash) { try? await session.space.remove(id) }
        return true
    }

    private static func failure(_ error: any Error) -> CommandFailure {
        guard let error = error as? SpaceError else {
            return error as? CommandFailure ?? CommandFailure(message: "\(error)")
        }
        guard error.code == .notAFilm else { return CommandFailure(message: error.message) }
        return CommandFailure(
            message: "This torrent has no film that can be clipped; get it whole without --start and --end.")
    }
}
