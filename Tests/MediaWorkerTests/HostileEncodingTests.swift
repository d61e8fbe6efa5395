import Foundation
import Media
import Testing

/// HAZARDS L03 to L05 for the jobs that decode most: damaged and lying films are encoded, shown or refused, and always
/// answered.
@Suite struct HostileEncodingTests {
    @Test(arguments: [
        ("mp4", FilmFolder.h264 + ["-c:a", "aac"]), ("mkv", FilmFolder.h264 + ["-c:a", "flac"]),
        ("webm", ["-c:v", "libvpx-vp9", "-c:a", "libopus"]), ("ts", ["-c:v", "mpeg2video", "-c:a", "mp2"]),
        ("avi", ["-c:v", "mpeg4", "-c:a", "mp3"]), ("ogv", ["-c:v", "libtheora", "-c:a", "libvorbis"]),
        ("wmv", ["-c:v", "wmv2", "-c:a", "wmav2"]), ("mpg", ["-c:v", "mpeg1video", "-c:a", "mp2"]),
    ]) func damagedFilmsAreAnswered(ending: String, codecs: [String]) async throws {
        let folder = try FilmFolder()
        try folder.film(
            "a.\(ending)",
            FilmFolder.picture("64x48", seconds: 2) + FilmFolder.tone(seconds: 2) + codecs + ["-g", "10"])
        let whole = try folder.bytes(of: "a.\(ending)")
        let count = ProcessInfo.processInfo.environment["REELSWARM_FUZZ_FILES"].flatMap(Int.init) ?? 5
        for seed in 0..<count {
            var random = Mutation(seed: UInt64(seed + 100))
            let path = try folder.write(random.damaged(whole), to: "damaged.\(ending)")
            for output in ["\(seed).mp4", "\(seed).webm", "\(seed).m4a"] {
                let kind = await Self.refusal(of: path, 0.5, 1.5, to: folder.path(output))
                #expect(kind != .workerFailed && kind != .unreadable, "seed \(seed) \(output)")
            }
            let kind = await Self.storyboard(of: path)
            #expect(kind != .workerFailed && kind != .unreadable, "seed \(seed): \(String(describing: kind))")
        }
    }

    @Test(arguments: BombTests.bombs) func bombsAreAnswered(bomb: BombTests.Bomb) async throws {
        let folder = try FilmFolder()
        let path = try folder.write(bomb.movie.bytes, to: "bomb.mp4")
        for kind in [
            await Self.refusal(of: path, 0.04, 0.12, to: folder.path("o.mp4")), await Self.storyboard(of: path),
        ] { #expect(kind == nil || kind == .broken || kind == .notAVideo || kind == .timedOut) }
    }

    /// The pictures' size changes in the middle: all are made as large as the first.
    @Test func aFilmThatChangesItsSizeIsEncoded() async throws {
        let folder = try FilmFolder()
        for (name, size) in [("1.ts", "160x90"), ("2.ts", "320x180")] {
            try folder.film(name, FilmFolder.picture(size) + FilmFolder.tone() + FilmFolder.h264 + ["-c:a", "mp2"])
        }
        let path = try folder.write(folder.bytes(of: "1.ts") + folder.bytes(of: "2.ts"), to: "both.ts")
        let facts = try await Worker.client.cut(
            file: path, CutRequest(start: 0.2, end: 60, mode: .exact), to: folder.path("o.mp4"))
        #expect(facts.bytes > 0)
        #expect(try await Worker.client.probe(file: folder.path("o.mp4")).width == 160)
    }

    /// Encoding needs memory and nothing else; what is sent goes out through the one pipe.
    @Test(
        .enabled(if: Command.canTrace),
        arguments: ["mp4,file", "webm,file", "ogg.sound,file", "flac,file", "mp3,file", "mp4,stream", "webm,stream"])
    func encodingNeedsNothingElse(kind: String) throws {
        let folder = try FilmFolder()
        let film = try folder.film(
            "a.mkv", FilmFolder.picture() + FilmFolder.tone() + FilmFolder.h264 + ["-c:a", "flac"])
        let words = kind.split(separator: ",")
        let order = "cut-500000,1500000,\(words[0]),10000000,exact,\(words[1]),none"
        let output = words[1] == "file" ? "1<>\(folder.path("o"))" : "| cat > \(folder.path("o"))"
        _ = try Command.run(
            "sh",
            [
                "-c",
                "strace -f -o \(folder.path("trace")) \(Worker.executable) \(order) 60 120 2>\(folder.path("answer")) \(output)",
            ], input: film)
        let lines = String(decoding: try folder.bytes(of: "trace"), as: UTF8.self).split(separator: "\n")
        let filter = try #require(lines.lastIndex { $0.contains("SECCOMP") })
        for call in lines[(filter + 1)...] {
            guard let name = SystemCallTests.name(call) else { continue }
            #expect(SystemCallTests.expected.union(["pwrite64", "getppid"]).contains(name), "\(kind): \(call)")
        }
        #expect(try folder.bytes(of: "answer").starts(with: Array("RSMW".utf8)))
        #expect(try Shown.size(of: folder.path("o")) > 1000)
    }

    private static func refusal(
        of path: String, _ start: Double, _ end: Double, to output: String
    ) async -> MediaError.Kind? {
        do {
            _ = try await Worker.client.cut(
                file: path, CutRequest(start: start, end: end, mode: .exact), to: output)
            return nil
        } catch {
            return error.cause?.kind
        }
    }

    private static func storyboard(of path: String) async -> MediaError.Kind? {
        do {
            _ = try await Worker.client.storyboard(file: path)
            return nil
        } catch {
            return error.kind
        }
    }
}
