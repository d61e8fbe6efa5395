import ArgumentParser
import Foundation
import Media
import Testing

@testable import ReelswarmApp

@Suite struct CutCommandTests {
    @Test(arguments: [("62", "62"), ("100", "62"), ("x", "62"), ("1", "y"), ("1", "1.0001")])
    func whatIsNoIntervalIsWrongUsage(start: String, end: String) throws {
        let command = try CutCommand.parse(["in.mp4", "out.mp4", "--start", start, "--end", end])
        let failure = #expect(throws: CommandFailure.self) { try command.request() }
        #expect(failure?.status == 2)
    }

    @Test func exactIsAskedForByItsFlag() throws {
        let times = ["--start", "1", "--end", "2"]
        #expect(try CutCommand.parse(["a.mp4", "b.mp4"] + times).request().mode == .copy)
        #expect(try CutCommand.parse(["a.mp4", "b.mp4", "--exact"] + times).request().mode == .exact)
    }

    @Test func errorsAreOneLineThatNamesTheFile() throws {
        func sentence(_ code: CutError.Code) -> String {
            CutCommand.sentence(CutError(code, "A sentence."), input: "in.mp4", output: "out.mp4")
        }
        #expect(sentence(.occupied) == "out.mp4 exists already.")
        #expect(sentence(.outputFailed) == "out.mp4: A sentence.")
        #expect(sentence(.beyondEnd) == "in.mp4: A sentence.")
    }

    @Test func theCommandCutsAFilmAndReplacesNothing() throws {
        let folder = URL(filePath: "/tmp/reelswarm-cut-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let film = folder.appending(path: "in.mp4").path()
        let clip = folder.appending(path: "out.mp4").path()
        let source = try Self.run(
            "/usr/bin/env",
            [
                "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=4", "-c:v",
                "libx264",
            ]
                + ["-pix_fmt", "yuv420p", film])
        try #require(source.status == 0)
        let program = ProgramFiles.directory.appending(path: "reelswarm").path()
        let arguments = ["cut", film, clip, "--start", "1.5", "--end", "0:00:03", "--json"]
        let first = try Self.run(program, arguments)
        #expect(first.status == 0, "\(first.output)")
        let facts = try JSONDecoder().decode(CutFacts.self, from: Data(first.output.utf8))
        #expect(facts.start == 1.5 && facts.beginsAsAsked && abs(facts.duration - 1.5) < 0.2)
        let second = try Self.run(program, arguments)
        #expect(second.status == 1 && second.output.contains("\(clip) exists already."))
        let third = try Self.run(program, ["cut", film, clip + "2.mp4", "--start", "3", "--end", "1"])
        #expect(third.status == 2)
        let exact = ["cut", film, clip + "3.webm", "--start", "1.5", "--end", "0:00:03", "--json", "--exact"]
        let fifth = try Self.run(program, exact)
        let made = try JSONDecoder().decode(CutFacts.self, from: Data(fifth.output.utf8))
        #expect(made.beginsAsAsked && made.actualStart == 1.5 && abs(made.duration - 1.5) < 0.05)
        let fourth = try Self.run(program, ["cut", film, clip + "2.mp4", "--start", "30", "--end", "31"])
        #expect(fourth.status == 1 && fourth.output.split(separator: "\n").count == 1)
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
