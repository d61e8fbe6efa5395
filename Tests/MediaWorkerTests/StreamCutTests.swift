import Foundation
import Media
import Testing

/// Clips that are handed on while they are made.
@Suite struct StreamCutTests {
    private struct Stopped: Error, Equatable {}

    private static func film(_ folder: FilmFolder, seconds: Double = 10) throws -> String {
        try folder.film(
            "a.mp4",
            FilmFolder.picture(seconds: seconds) + FilmFolder.tone(seconds: seconds) + CutTests.h264 + ["-c:a", "aac"])
    }

    /// Streams a clip into a file of the folder.
    private static func stream(
        _ path: String, _ request: CutRequest, to output: String
    ) async throws -> (facts: CutFacts, begun: [CutBeginning]) {
        let begun = Told<CutBeginning>()
        let bytes = Told<[UInt8]>()
        let facts = try await Worker.client.cutStream(file: path, request) { begin in
            #expect(bytes.all.isEmpty)
            begun.append(begin)
        } onBytes: { some in
            bytes.append(some)
        }
        let whole = Array(bytes.all.joined())
        try Data(whole).write(to: URL(filePath: output))
        #expect(facts.bytes == UInt64(whole.count))
        return (facts, begun.all)
    }

    @Test(arguments: ["mp4", "mov", "mkv", "ts"]) func copiesAreWhatAFileIs(ending: String) async throws {
        let folder = try FilmFolder()
        let path = try Self.film(folder)
        _ = try await Worker.client.cut(file: path, start: 6, end: 8, to: folder.path("file.mkv"))
        let format = CutFormat(fileName: "x.\(ending)")
        let (facts, begun) = try await Self.stream(
            path, CutRequest(start: 6, end: 8, format: format), to: folder.path("s.\(ending)"))
        #expect(begun.map(\.format) == [format] && begun.map(\.actualStart) == [5])
        #expect(!facts.beginsAsAsked && facts.actualStart == 5)
        let shown = try Shown.frames(of: folder.path("s.\(ending)")).map(\.digest)
        #expect(try Shown.frames(of: folder.path("file.mkv")).map(\.digest) == shown && shown.count >= 75)
    }

    @Test(arguments: ["mp4", "mkv", "webm", "ts", "flv"]) func exactClipsAreWhole(ending: String) async throws {
        let folder = try FilmFolder()
        let path = try Self.film(folder)
        let output = folder.path("s.\(ending)")
        let format = CutFormat(fileName: output)
        let (facts, begun) = try await Self.stream(
            path, CutRequest(start: 3.3, end: 6.9, mode: .exact, format: format), to: output)
        #expect(begun == [CutBeginning(start: 3_300_000, format: try #require(format))])
        #expect(facts.beginsAsAsked && abs(facts.duration - 3.6) < 0.05)
        let clip = try Pixels(of: output, width: 160, height: 90)
        let source = try Pixels(of: path, 83...172, width: 160, height: 90)
        try #require(clip.pictures.count == 90)
        for (one, other) in zip(clip.pictures, source.pictures) { #expect(Pixels.likeness(one, other) > 35) }
        #expect(abs(try Shown.samples(of: output) - 3.6) < 0.06)
    }

    @Test(arguments: ["m4a", "mp3", "ogg", "opus", "flac", "wav", "aac", "mka"])
    func soundsAreSent(ending: String) async throws {
        let folder = try FilmFolder()
        let path = try Self.film(folder)
        let output = folder.path("s.\(ending)")
        _ = try await Self.stream(
            path, CutRequest(start: 3, end: 5, mode: .exact, format: CutFormat(fileName: output)), to: output)
        #expect(abs(try Shown.samples(of: output) - 2) < 0.07)
    }

    @Test func whatCannotBeSentIsRefusedBeforeAnything() async throws {
        let folder = try FilmFolder()
        let path = try Self.film(folder, seconds: 2)
        let wrong: [(CutRequest, CutError.Code)] = [
            (CutRequest(start: 0, end: 1, format: CutFormat(.avi)), .codecUnfit),
            (CutRequest(start: 0, end: 1, format: CutFormat(.webm)), .codecUnfit),
            (CutRequest(start: 1, end: 1, format: CutFormat(.mp4)), .badInterval),
            (CutRequest(start: 50, end: 51, mode: .exact, format: CutFormat(.mp4)), .beyondEnd),
            (CutRequest(start: 0, end: 1, mode: .exact, format: CutFormat(.mpeg)), .codecUnfit),
        ]
        for (request, code) in wrong {
            let begun = Told<CutBeginning>()
            let error = await #expect(throws: CutError.self) {
                try await Worker.client.cutStream(file: path, request) {
                    begun.append($0)
                } onBytes: { _ in
                }
            }
            #expect(error?.code == code && begun.all.isEmpty, "\(request)")
        }
    }

    @Test(arguments: [CutMode.copy, .exact]) func aCallbackThatThrowsEndsTheWorker(mode: CutMode) async throws {
        let folder = try FilmFolder()
        let path = try Self.film(folder, seconds: 30)
        // The worker is known by its times.
        let start = mode == .copy ? 1.234567 : 1.345678
        let request = CutRequest(start: start, end: 30, mode: mode, format: CutFormat(.matroska))
        await #expect(throws: Stopped.self) {
            try await Worker.client.cutStream(file: path, request) { _ in
            } onBytes: { _ in
                throw Stopped()
            }
        }
        #expect(Self.workers(with: start) == 0)
        await #expect(throws: Stopped.self) {
            try await Worker.client.cutStream(file: path, request) { _ in
                throw Stopped()
            } onBytes: { _ in
            }
        }
        #expect(Self.workers(with: start) == 0)
    }

    /// Nobody takes the bytes: the worker waits, and is gone when the one who waits gives up.
    @Test func aCancelledStreamLeavesNoWorker() async throws {
        let folder = try FilmFolder()
        let path = try Self.film(folder, seconds: 30)
        let request = CutRequest(start: 0.456789, end: 30, mode: .exact, format: CutFormat(.matroska))
        let got = Told<Int>()
        let stream = Task {
            try await Worker.client.cutStream(file: path, request) { _ in
            } onBytes: { bytes in
                got.append(bytes.count)
                try await Task.sleep(for: .seconds(600))
            }
        }
        while got.all.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        #expect(Self.workers(with: 0.456789) == 1)
        stream.cancel()
        await #expect(throws: (any Error).self) { try await stream.value }
        #expect(Self.workers(with: 0.456789) == 0 && got.all.count == 1)
    }

    private static func workers(with start: Double) -> Int {
        let name = Data("cut-\(Int((start * 1_000_000).rounded())),".utf8)
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.filter { process in
            guard Int(process) != nil, let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline")
            else { return false }
            return words.range(of: name) != nil
        }.count
    }
}
