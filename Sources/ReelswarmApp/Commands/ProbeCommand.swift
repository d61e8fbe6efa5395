import ArgumentParser
import Foundation
import Logging
import Media

/// `reelswarm probe FILE`: what libav sees in a film.
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Show what a film or sound file holds: container, duration, streams.")

    @Argument(help: "The file.") var file: String
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw CommandFailure(message: "\(file) cannot be read.")
        }
        let worker = MediaWorkerClient(executable: ProgramFiles.mediaWorker, logger: Logger(label: "media"))
        let facts: MediaFacts
        do {
            facts = try await worker.probe(file: file)
        } catch {
            throw CommandFailure(message: "\(file): \(error.message)")
        }
        if json { try Output.json(facts) } else { Output.facts(Self.lines(facts)) }
    }

    private static func lines(_ facts: MediaFacts) -> [(name: String, value: String)] {
        var lines = [("container", facts.container), ("media type", facts.mediaType)]
        if let duration = facts.duration { lines.append(("duration", String(format: "%.3f s", duration))) }
        if let width = facts.width, let height = facts.height { lines.append(("picture", "\(width) × \(height)")) }
        for (index, stream) in facts.streams.enumerated() {
            lines.append(("stream \(index)", "\(stream.kind) \(stream.codec)"))
        }
        return lines
    }
}
