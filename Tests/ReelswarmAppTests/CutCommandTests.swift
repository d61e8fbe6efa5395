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

    @Test func inAFolderTheClipIsCalledLikeTheFilm() throws {
        func path(_ output: String) throws -> String {
            try CutCommand.parse(["films/a film.mkv", output, "--start", "62", "--end", "1:40"]).path()
        }
        #expect(try path("/tmp") == "/tmp/a film 1.02-1.40.mkv" && path("/tmp/") == "/tmp/a film 1.02-1.40.mkv")
        #expect(try path("none/") == "none/a film 1.02-1.40.mkv" && path("none.mp4") == "none.mp4")
    }

    @Test func errorsAreOneLineThatNamesTheFile() throws {
        func sentence(_ code: CutError.Code, _ output: String = "out.mp4", _ more: [String] = []) throws -> String {
            try CutCommand.parse(["in.mp4", output, "--start", "1", "--end", "2"] + more)
                .sentence(CutError(code, "A sentence."), output: output)
        }
        #expect(try sentence(.occupied) == "out.mp4 exists already.")
        #expect(try sentence(.outputFailed) == "out.mp4: A sentence.")
        #expect(try sentence(.beyondEnd) == "in.mp4: A sentence.")
        // What cannot be encoded anew either is not offered.
        #expect(try sentence(.codecUnfit, "a.mp3") == "in.mp4: A sentence. With --exact they are encoded anew.")
        for (output, more) in [("a.mp3", ["--exact"]), ("a.avi", []), ("a.gif", []), ("a", [])] {
            #expect(try sentence(.codecUnfit, output, more) == "in.mp4: A sentence.")
        }
    }

    @Test func standardOutputIsNoFile() throws {
        let command = try CutCommand.parse(["in.mp4", "-", "--start", "1", "--end", "2"])
        let failure = #expect(throws: CommandFailure.self) { try command.path() }
        #expect(failure?.status == 2 && failure?.message.hasPrefix("Name a file") == true)
    }

    @Test(arguments: [
        (1.993, "mkv", nil), (1.5, "mkv", "It begins 0.500 s before the asked start, at a key frame."),
        (1.9, "mp3", "It begins 0.100 s before the asked start, at a packet."),
        (1.9, "mka", "It begins 0.100 s before the asked start, at a packet."),
    ]) func onlyABeginningThatIsNoticedIsTold(actual: Double, ending: String, note: String?) throws {
        let text = """
            {"start": 2, "end": 4, "actualStart": \(actual), "beginsAsAsked": false, "duration": 2, "bytes": 9,
            "container": "x", "fileExtension": "\(ending)", "losesRotation": true,
            "leftOut": [{"kind": "subtitle", "codec": "ass"}]}
            """
        var facts = try JSONDecoder().decode(CutFacts.self, from: Data(text.utf8))
        let others = [
            "Subtitles (ass) cannot be kept in \(ending).",
            "That the picture is turned cannot be kept in \(ending).",
        ]
        #expect(facts.worthTelling == [note].compactMap { $0 } + others)
        facts.beginsAsAsked = true
        #expect(facts.worthTelling == others)
    }

    /// The members that `get --json` has, too, are called as there.
    @Test func theAnswerHasTheNamesOfGet() throws {
        let names = [
            "actual_start", "begins_as_asked", "bytes", "container", "duration", "end", "file_extension", "film",
            "left_out", "loses_rotation", "notes", "path", "start",
        ]
        let facts = try JSONDecoder().decode(
            CutFacts.self,
            from: Data(
                """
                {"start": 2, "end": 4, "actualStart": 1, "beginsAsAsked": true, "duration": 2, "bytes": 9,
                "container": "x", "fileExtension": "mkv", "losesRotation": false, "leftOut": []}
                """.utf8))
        let json = try JSONEncoder().encode(CutOutcome(film: "a.mkv", path: "b.mkv", facts: facts))
        let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(object.keys.sorted() == names && object["actual_start"] as? Double == 1)
    }

    @Test func theCommandCutsAFilmAndReplacesNothing() throws {
        let folder = URL(filePath: "/tmp/reelswarm-cut-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let film = folder.appending(path: "in.mp4").path()
        let clip = folder.appending(path: "out.mp4").path()
        let source = try ProgramRun.named(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=4", "-c:v",
                "libx264",
            ]
                + ["-pix_fmt", "yuv420p", film])
        try #require(source.status == 0)
        let arguments = ["cut", film, clip, "--start", "1.5", "--end", "0:00:03", "--json"]
        let first = try ProgramRun.reelswarm(arguments)
        #expect(first.status == 0, "\(first.output)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let facts = try decoder.decode(CutFacts.self, from: Data(first.output.utf8))
        #expect(facts.start == 1.5 && facts.beginsAsAsked && abs(facts.duration - 1.5) < 0.2)
        let second = try ProgramRun.reelswarm(arguments)
        #expect(second.status == 1 && second.output.contains("\(clip) exists already."))
        let third = try ProgramRun.reelswarm(["cut", film, clip + "2.mp4", "--start", "3", "--end", "1"])
        #expect(third.status == 2)
        let exact = ["cut", film, clip + "3.webm", "--start", "1.5", "--end", "0:00:03", "--json", "--exact"]
        let fifth = try ProgramRun.reelswarm(exact)
        let made = try decoder.decode(CutFacts.self, from: Data(fifth.output.utf8))
        #expect(made.beginsAsAsked && made.actualStart == 1.5 && abs(made.duration - 1.5) < 0.05)
        let fourth = try ProgramRun.reelswarm(["cut", film, clip + "2.mp4", "--start", "30", "--end", "31"])
        #expect(fourth.status == 1 && fourth.output.split(separator: "\n").count == 1)
    }
}
