import ArgumentParser
import ClipIndex
import Foundation
import Logging
import Media
import Mediaspace

/// `reelswarm cut IN OUT --start T --end T`: a part of a film as a film of its own.
struct CutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut", abstract: "Cut a clip out of a film.",
        discussion: """
            T is seconds (62 or 62.5) or h:mm:ss (1:02:03.250). The ending of OUT says the container; in a folder the \
            clip is called like the film. Nothing is ever replaced.

            Nothing is encoded anew, so that it is fast and as good as the film: the clip holds all from the key frame \
            before --start. MP4 and MOV begin at --start in every player; other containers begin at that key frame.

            With --exact pictures and sounds are decoded and encoded anew, so that the clip begins and ends exactly \
            there in every container: mp4, mov, mkv, ts, flv (H.264 and AAC) or webm (VP9 and Opus); at most 10 minutes.

            An ending of sound writes the sound alone: m4a, m4b, mp3, ogg, oga, opus, flac, wav, aac, mka. Without \
            --exact the film's own sound must fit it; with --exact it is converted.
            """)

    @Argument(help: "The film.") var input: String
    @Argument(help: "The file to write, which must not exist yet, or a folder for it.") var output: String
    @Option(help: "Where the clip begins.") var start: String
    @Option(help: "Where the clip ends.") var end: String
    @Flag(help: "Encode anew, so that it begins and ends exactly there.") var exact = false
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let request = try request()
        let (input, output) = (input, try path())
        let line = ProgressLine(label: "cutting")
        let facts: CutFacts?
        do {
            defer { line.finish() }
            facts = try await StopSignals.orStopped {
                let worker = MediaWorkerClient(executable: ProgramFiles.mediaWorker, logger: Logger(label: "media"))
                return try await worker.cut(file: input, request, to: output) { line.show(share: $0) }
            }
        } catch let error as CutError {
            throw CommandFailure(message: sentence(error, output: output))
        }
        guard let facts else { throw CommandFailure(message: "Stopped; nothing was written.") }
        let outcome = CutOutcome(film: input, path: output, facts: facts)
        if json { try Output.json(outcome) } else { print(outcome.lines.joined(separator: "\n")) }
    }

    /// The file to write. Throws a wrong usage for what is no interval, and for `-`.
    func path() throws -> String {
        guard output != "-" else {
            throw CommandFailure.usage("Name a file to write; a clip does not go to standard output.")
        }
        var isFolder: ObjCBool = false
        let exists = unsafe FileManager.default.fileExists(atPath: output, isDirectory: &isFolder)
        guard output.hasSuffix("/") || (exists && isFolder.boolValue) else { return output }
        let film = URL(filePath: input).lastPathComponent
        let name = ClipName.name(film, try ClipSpan.interval(start: start, end: end))
        return output.hasSuffix("/") ? output + name : "\(output)/\(name)"
    }

    /// What is asked for. Throws a wrong usage for what is no interval.
    func request() throws -> CutRequest {
        let interval = try ClipSpan.interval(start: start, end: end)
        return CutRequest(start: interval.startSeconds, end: interval.endSeconds, mode: exact ? .exact : .copy)
    }

    /// The sentence of an error. Where only the codec does not fit, encoding anew may help.
    func sentence(_ error: CutError, output: String) -> String {
        switch error.code {
        case .occupied: "\(output) exists already."
        case .outputFailed: "\(output): \(error.message)"
        case .codecUnfit where !exact && CutFormat(fileName: output)?.isEncodable == true:
            "\(input): \(error.message) With --exact they are encoded anew."
        case .source, .beyondEnd, .codecUnfit, .notCuttable, .badInterval, .tooLong: "\(input): \(error.message)"
        }
    }
}
