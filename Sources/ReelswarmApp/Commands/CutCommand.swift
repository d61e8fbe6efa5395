import ArgumentParser
import ClipIndex
import Foundation
import Logging
import Media

/// `reelswarm cut IN OUT --start T --end T`: a part of a film as a film of its own.
struct CutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut", abstract: "Cut a clip out of a film.",
        discussion: """
            T is seconds (62 or 62.5) or h:mm:ss (1:02:03.250). The ending of OUT says the container. OUT is never \
            replaced.

            Nothing is encoded anew, so that it is fast and as good as the film: the clip holds all from the key frame \
            before --start. MP4 and MOV begin at --start in every player; other containers begin at that key frame.

            With --exact pictures and sounds are decoded and encoded anew, so that the clip begins and ends exactly \
            there in every container: mp4, mov, mkv, ts, flv (H.264 and AAC) or webm (VP9 and Opus); at most 10 minutes.

            An ending of sound writes the sound alone: m4a, m4b, mp3, ogg, oga, opus, flac, wav, aac, mka. Without \
            --exact the film's own sound must fit it; with --exact it is converted.
            """)

    @Argument(help: "The film.") var input: String
    @Argument(help: "The file to write; it must not exist yet.") var output: String
    @Option(help: "Where the clip begins.") var start: String
    @Option(help: "Where the clip ends.") var end: String
    @Flag(help: "Encode anew, so that it begins and ends exactly there.") var exact = false
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let request = try request()
        let (input, output) = (input, output)
        let line = ProgressLine(label: "cutting")
        let facts: CutFacts?
        do {
            defer { line.finish() }
            facts = try await StopSignals.orStopped {
                let worker = MediaWorkerClient(executable: ProgramFiles.mediaWorker, logger: Logger(label: "media"))
                return try await worker.cut(file: input, request, to: output) { line.show(share: $0) }
            }
        } catch let error as CutError {
            throw CommandFailure(message: Self.sentence(error, input: input, output: output))
        }
        guard let facts else { throw CommandFailure(message: "Stopped; nothing was written.") }
        if json { try Output.json(facts) } else { print(Self.lines(facts, output).joined(separator: "\n")) }
    }

    /// What is asked for. Throws a wrong usage for what is no interval.
    func request() throws -> CutRequest {
        let interval = try ClipSpan.interval(start: start, end: end)
        return CutRequest(start: interval.startSeconds, end: interval.endSeconds, mode: exact ? .exact : .copy)
    }

    static func sentence(_ error: CutError, input: String, output: String) -> String {
        switch error.code {
        case .occupied: "\(output) exists already."
        case .outputFailed: "\(output): \(error.message)"
        case .source, .beyondEnd, .codecUnfit, .notCuttable, .badInterval, .tooLong: "\(input): \(error.message)"
        }
    }

    static func lines(_ facts: CutFacts, _ output: String) -> [String] {
        let length = String(format: "%.3f s", facts.duration)
        return ["\(output)  \(length)  \(Output.size(Int64(clamping: facts.bytes)))"] + facts.notes
    }
}
