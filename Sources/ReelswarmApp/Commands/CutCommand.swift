import ArgumentParser
import Foundation
import Logging
import Media

/// `reelswarm cut IN OUT --start T --end T`: a part of a film as a film of its own.
struct CutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut", abstract: "Cut a clip out of a film, without encoding anything anew.",
        discussion: """
            T is seconds (62 or 62.5) or h:mm:ss (1:02:03.250). The ending of OUT says the container. MP4 and MOV begin \
            at --start in every player; other containers begin at the key frame before it. OUT is never replaced.
            """)

    @Argument(help: "The film.") var input: String
    @Argument(help: "The file to write; it must not exist yet.") var output: String
    @Option(help: "Where the clip begins.") var start: String
    @Option(help: "Where the clip ends.") var end: String
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let interval = try interval()
        let (input, output) = (input, output)
        let facts: CutFacts?
        do {
            facts = try await StopSignals.orStopped {
                let worker = MediaWorkerClient(executable: ProgramFiles.mediaWorker, logger: Logger(label: "media"))
                return try await worker.cut(
                    file: input, start: interval.lowerBound, end: interval.upperBound, to: output)
            }
        } catch let error as CutError {
            throw CommandFailure(message: Self.sentence(error, input: input, output: output))
        }
        guard let facts else { throw CommandFailure(message: "Stopped; nothing was written.") }
        if json { try Output.json(facts) } else { print(Self.lines(facts, output).joined(separator: "\n")) }
    }

    /// The seconds between the two times. Throws a wrong usage for what is no interval.
    func interval() throws -> Range<Double> {
        let times = try [("--start", start), ("--end", end)].map { name, text in
            try ClipTime.parse(text)
                ?? { throw CommandFailure.usage("\(name) \(text) is no time such as 62.5 or 1:02:03.") }()
        }
        guard times[0] < times[1] else { throw CommandFailure.usage("--end lies after --start.") }
        return times[0]..<times[1]
    }

    static func sentence(_ error: CutError, input: String, output: String) -> String {
        switch error.code {
        case .occupied: "\(output) exists already."
        case .outputFailed: "\(output): \(error.message)"
        case .source, .beyondEnd, .codecUnfit, .notCuttable, .badInterval: "\(input): \(error.message)"
        }
    }

    static func lines(_ facts: CutFacts, _ output: String) -> [String] {
        let length = String(format: "%.3f s", facts.duration)
        return ["\(output)  \(length)  \(Output.size(Int64(clamping: facts.bytes)))"] + facts.notes
    }
}
