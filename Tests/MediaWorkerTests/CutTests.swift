import Foundation
import Testing

@testable import Media

/// Fast cuts of films of every kind, checked by ffprobe and by decoding both the cut and its film.
@Suite struct CutTests {
    struct Film: CustomTestStringConvertible, Sendable {
        let name: String
        let codecs: [String]
        var outputs: [String]
        var testDescription: String { name }
    }

    static let longGroups = ["-preset", "veryfast", "-bf", "3", "-g", "125"]
    static let h264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p"] + longGroups
    static let films = [
        Film(name: "a.mp4", codecs: h264 + ["-c:a", "aac"], outputs: ["o.mp4", "o.m4v", "o.mov", "o.mkv", "o.ts"]),
        Film(
            name: "f.mp4", codecs: h264 + ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"], outputs: ["o.mp4"]),
        Film(name: "a.mkv", codecs: h264 + ["-c:a", "aac"], outputs: ["o.mkv", "o.mp4", "o.ts", "o"]),
        Film(
            name: "open.mkv",
            codecs: ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-x264-params", "open-gop=1:bframes=3:keyint=40"]
                + ["-c:a", "ac3"], outputs: ["o.mkv", "o.mp4"]),
        Film(name: "a.ts", codecs: h264 + ["-c:a", "aac"], outputs: ["o.ts", "o.mp4", "o.mkv"]),
        Film(
            name: "a.webm", codecs: ["-c:v", "libvpx", "-g", "100", "-c:a", "libopus"], outputs: ["o.webm", "o.mkv"]),
        Film(
            name: "a.mpg", codecs: ["-c:v", "mpeg2video", "-bf", "2", "-g", "30", "-c:a", "mp2"],
            outputs: ["o.mpg", "o.mp4"]),
        Film(name: "a.avi", codecs: ["-c:v", "mpeg4", "-c:a", "mp3"], outputs: ["o.avi", "o.mp4", "o.mkv"]),
        Film(name: "a.flv", codecs: ["-c:v", "flv", "-c:a", "mp3"], outputs: ["o.flv"]),
        Film(name: "a.wmv", codecs: ["-c:v", "wmv2", "-c:a", "wmav2"], outputs: ["o.wmv"]),
    ]

    @Test(arguments: films) func aFilmIsCutAtManyPlaces(film: Film) async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            film.name, FilmFolder.picture(seconds: 10) + FilmFolder.tone(seconds: 10) + film.codecs)
        let whole = try Shown.frames(of: path)
        for (start, end) in [(0.0, 1.0), (3.3, 6.9), (4.99, 5.03), (9.5, 60)] {
            for name in film.outputs {
                let output = folder.path("\(start)-\(name)")
                let facts = try await Worker.client.cut(file: path, start: start, end: end, to: output)
                let shown = try Shown.frames(of: output)
                let first = try #require(shown.first, "\(film.name) \(name) \(start)")
                // Where in the film the first picture lies that the cut shows.
                let begin = facts.beginsAsAsked ? start : facts.actualStart
                let expected = try #require(whole.firstIndex { $0.time >= begin - 0.021 })
                let nearby = whole[max(0, expected - 1)...min(whole.count - 1, expected + 1)]
                #expect(nearby.map(\.digest).contains(first.digest), "\(film.name) \(name) \(start)")
                #expect(facts.actualStart <= start + 0.001 && facts.beginsAsAsked == Shown.beginsAsAsked(name))
                // ffmpeg counts from the first picture here, the cut from the first sound: in MPEG-TS they differ.
                let slack = film.name.hasSuffix(".ts") ? 0.03 : 0.001
                // All asked pictures are there, and at most those besides that others need.
                let asked = whole.filter { $0.time >= start - 0.001 && $0.time < min(end, 10) - slack }
                let all = Set(shown.map(\.digest))
                #expect(asked.allSatisfy { all.contains($0.digest) }, "\(film.name) \(name) \(start)")
                #expect(abs(facts.duration - (min(end, 10) - begin)) < 0.2, "\(film.name) \(name) \(start) \(facts)")
                #expect(facts.bytes == (try Shown.size(of: output)))
                try FileManager.default.removeItem(atPath: output)
            }
        }
    }

    @Test(
        arguments: [
            ("a.mp3", [], ["o.mp3", "o.mka"]), ("a.m4a", [], ["o.m4a", "o.aac", "o.mp4", "o.mka"]),
            ("a.flac", [], ["o.flac", "o.mka", "o.oga"]), ("a.wav", [], ["o.wav", "o.mka"]),
            ("a.ogg", ["-c:a", "libvorbis"], ["o.ogg", "o.mka"]), ("a.opus", [], ["o.opus", "o.webm"]),
        ] as [(String, [String], [String])]) func soundsAreCutOnPackets(
            name: String, codecs: [String], outputs: [String]
        ) async throws
    {
        let folder = try FilmFolder()
        let path = try folder.film(name, FilmFolder.tone(seconds: 10) + codecs)
        for (start, end) in [(0.0, 1.0), (3.3, 6.9), (9.5, 60)] {
            for name in outputs {
                let output = folder.path("\(start)-\(name)")
                let facts = try await Worker.client.cut(file: path, start: start, end: end, to: output)
                #expect(facts.actualStart <= start + 0.03 && facts.actualStart > start - 0.15, "\(name) \(facts)")
                // The last page of an Ogg file may count less than its packets last.
                #expect(abs(facts.duration - (min(end, 10) - start)) < 0.35, "\(name) \(facts)")
                let seconds = try Shown.samples(of: output)
                #expect(abs(seconds - facts.duration) < 0.2, "\(name) \(start) \(seconds) \(facts)")
            }
        }
    }

    @Test func tracksTagsAndTurningAreKept() async throws {
        let folder = try FilmFolder()
        let subtitles = try folder.write("1\n00:00:01,000 --> 00:00:03,500\nHello\n".utf8, to: "s.srt")
        let inputs = FilmFolder.picture(seconds: 6) + FilmFolder.tone(seconds: 6) + FilmFolder.tone(seconds: 6)
        let plain = try folder.film(
            "a.mkv",
            inputs + ["-i", subtitles, "-map", "0", "-map", "1", "-map", "2", "-map", "3"] + FilmFolder.h264
                + ["-c:a", "aac", "-metadata", "title=A film", "-metadata:s:a:0", "language=deu"]
                + ["-metadata:s:a:1", "language=fra"])
        let inMatroska = try await Worker.client.cut(file: plain, start: 2, end: 4, to: folder.path("o.mkv"))
        #expect(inMatroska.leftOut.isEmpty)
        let inMovie = try await Worker.client.cut(file: plain, start: 2, end: 4, to: folder.path("o.mp4"))
        #expect(inMovie.leftOut == [CutFacts.LeftOut(kind: .subtitle, codec: "ass")])
        #expect(inMovie.notes.contains { $0.hasPrefix("Subtitles (ass)") })
        for name in ["o.mkv", "o.mp4"] {
            let facts = try await Worker.client.probe(file: folder.path(name))
            #expect(facts.title == "A film")
            #expect(facts.streams.filter { $0.kind == .audio }.map(\.language) == ["deu", "fra"])
        }
        try folder.film("up.mp4", FilmFolder.picture() + FilmFolder.h264)
        let turned = try folder.film(
            "turned.mp4", ["-i", folder.path("up.mp4"), "-c", "copy", "-metadata:s:v:0", "rotate=90"])
        let kept = try await Worker.client.cut(file: turned, start: 0.5, end: 1, to: folder.path("t.mp4"))
        #expect(!kept.losesRotation)
        #expect(try await Worker.client.probe(file: folder.path("t.mp4")).width == 90)
        #expect(try await Worker.client.cut(file: turned, start: 0.5, end: 1, to: folder.path("t.ts")).losesRotation)
    }

    @Test func soundAloneAndCoversAreTaken() async throws {
        let folder = try FilmFolder()
        let film = try folder.film(
            "a.mp4", FilmFolder.picture() + FilmFolder.tone() + FilmFolder.h264 + ["-c:a", "aac"])
        let sound = try await Worker.client.cut(file: film, start: 0.5, end: 1.5, to: folder.path("o.m4a"))
        #expect(sound.leftOut == [CutFacts.LeftOut(kind: .video, codec: "h264")])
        #expect(try await Worker.client.probe(file: folder.path("o.m4a")).isAudio)
        try folder.film("cover.jpg", FilmFolder.picture(seconds: 0.04) + ["-frames:v", "1"])
        let song = try folder.film(
            "a.mp3",
            ["-i", folder.path("cover.jpg")] + FilmFolder.tone() + ["-map", "0", "-map", "1", "-c:v", "copy"]
                + ["-disposition:v", "attached_pic"])
        _ = try await Worker.client.cut(file: song, start: 0.5, end: 1.5, to: folder.path("o.mp3"))
        #expect(try await Worker.client.thumbnail(file: folder.path("o.mp3")) != nil)
    }

    @Test func twoCutsOfTheSameAreTheSame() async throws {
        let folder = try FilmFolder()
        let film = try folder.film(
            "a.mkv", FilmFolder.picture() + FilmFolder.tone() + FilmFolder.h264 + ["-c:a", "aac"])
        for ending in ["mp4", "mkv", "ts"] {
            for name in ["1", "2"] {
                _ = try await Worker.client.cut(file: film, start: 0.5, end: 1, to: folder.path("\(name).\(ending)"))
            }
            #expect(try folder.bytes(of: "1.\(ending)") == folder.bytes(of: "2.\(ending)"))
        }
    }

    /// The kind of error a cut ends with.
    private func refusal(
        of path: String, _ start: Double, _ end: Double, to output: String
    ) async -> CutError? {
        do {
            _ = try await Worker.client.cut(file: path, start: start, end: end, to: output)
            return nil
        } catch {
            return error
        }
    }

    @Test func whatIsNoIntervalIsRefused() async throws {
        let folder = try FilmFolder()
        let film = try folder.film("a.mp4", FilmFolder.picture() + FilmFolder.h264)
        let wrong: [(Double, Double)] = [
            (1, 1), (2, 1), (-1, 1), (.nan, 1), (0, .nan), (.infinity, .infinity), (-.infinity, 1), (1e300, 1e301),
        ]
        for (start, end) in wrong {
            #expect(await refusal(of: film, start, end, to: folder.path("o.mp4"))?.code == .badInterval)
        }
        for start in [2.0, 5, 100_000, 999_999_999] {
            let error = await refusal(of: film, start, start + 1, to: folder.path("o.mp4"))
            #expect(error?.code == .beyondEnd && error?.message.hasSuffix("only 0:02 long.") == true, "\(start)")
        }
        #expect(await refusal(of: film, 1, 1e300, to: folder.path("o.mp4")) == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path()).sorted() == ["a.mp4", "o.mp4"])
    }

    @Test func whatDoesNotFitSaysWhatWould() async throws {
        let folder = try FilmFolder()
        let film = try folder.film(
            "a.mp4", FilmFolder.picture() + FilmFolder.tone() + FilmFolder.h264 + ["-c:a", "aac"])
        let unfit = await refusal(of: film, 0, 1, to: folder.path("o.webm"))
        #expect(unfit?.code == .codecUnfit)
        #expect(
            unfit?.message
                == "Pictures of the kind h264 do not go into webm; mp4, mov, ts or mkv would take them.")
        #expect(await refusal(of: film, 0, 1, to: folder.path("o.mp3"))?.message.contains("m4a") == true)
        // Their pictures come with start codes, those of MP4 with lengths.
        for name in ["o.avi", "o.mpg"] {
            #expect(await refusal(of: film, 0, 1, to: folder.path(name))?.code == .codecUnfit, "\(name)")
        }
        let silent = try folder.film("silent.mp4", FilmFolder.picture() + FilmFolder.h264)
        #expect(await refusal(of: silent, 0, 1, to: folder.path("o.m4a"))?.code == .notCuttable)
        #expect(!FileManager.default.fileExists(atPath: folder.path("o.webm")))
    }

    @Test func nothingIsReplacedAndNothingIsLeftBehind() async throws {
        let folder = try FilmFolder()
        let film = try folder.film("a.mp4", FilmFolder.picture() + FilmFolder.h264)
        let there = try folder.write([1, 2, 3], to: "o.mp4")
        #expect(await refusal(of: film, 0, 1, to: there)?.code == .occupied)
        #expect(try folder.bytes(of: "o.mp4") == [1, 2, 3])
        #expect(await refusal(of: film, 0, 1, to: folder.path("nowhere/o.mp4"))?.code == .outputFailed)
        #expect(await refusal(of: folder.path("none.mp4"), 0, 1, to: folder.path("p.mp4"))?.cause?.kind == .unreadable)
        let text = try folder.write("no film".utf8, to: "text.mp4")
        #expect(await refusal(of: text, 0, 1, to: folder.path("p.mp4"))?.cause?.kind == .notAVideo)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path()).sorted()
                == ["a.mp4", "o.mp4", "text.mp4"])
    }

    @Test func theOutputHasALimit() async throws {
        let folder = try FilmFolder()
        let film = try folder.film("a.mkv", FilmFolder.picture() + FilmFolder.h264)
        let raw = open(folder.path("o"), O_RDWR | O_CREAT, 0o600)
        defer { _ = close(raw) }
        let error = await #expect(throws: CutError.self) {
            try await Worker.client.cut(
                file: film, start: 0, end: 2, as: CutFormat(.matroska), into: raw, byteLimit: 10_000)
        }
        #expect(error?.code == .outputFailed && error?.message.contains("larger") == true)
        #expect(try Shown.size(of: folder.path("o")) <= 10_000)
    }

    @Test func aCancelledCutLeavesNothing() async throws {
        let folder = try FilmFolder()
        let film = try folder.film("a.mp4", FilmFolder.picture() + FilmFolder.h264)
        let output = folder.path("o.mp4")
        let cut = Task { try await Worker.client.cut(file: film, start: 0, end: 1, to: output) }
        cut.cancel()
        await #expect(throws: CutError.self) { try await cut.value }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path()) == ["a.mp4"])
    }

    /// A film that ends too early is cut as far as it goes; a damaged one is cut or refused, always answered.
    @Test func damagedFilmsAreAnswered() async throws {
        let folder = try FilmFolder()
        let codecs = FilmFolder.h264 + ["-g", "10", "-c:a", "aac"]
        for name in ["a.mkv", "a.ts", "a.mp4"] {
            try folder.film(
                name,
                FilmFolder.picture(seconds: 4) + FilmFolder.tone(seconds: 4) + codecs
                    + (name == "a.mp4" ? ["-movflags", "+faststart"] : []))
            let whole = try folder.bytes(of: name)
            let short = try folder.write(whole.prefix(whole.count / 2), to: "short-\(name)")
            let error = await refusal(of: short, 1, 3, to: folder.path("out-\(name)"))
            #expect(error == nil, "\(name) \(String(describing: error))")
            var damage = Mutation(seed: 7)
            for round in 0..<12 {
                let path = try folder.write(damage.damaged(whole), to: "damaged-\(name)")
                for output in ["\(round)-\(name)", "\(round)-x-\(name).mp4"] {
                    let error = await refusal(of: path, 1, 3, to: folder.path(output))
                    #expect(error?.cause?.kind != .workerFailed && error?.cause?.kind != .timedOut, "\(name) \(round)")
                }
            }
        }
    }

    @Test(.enabled(if: Command.canTrace)) func aCutNeedsNothingElse() throws {
        let folder = try FilmFolder()
        let film = try folder.film(
            "a.mp4", FilmFolder.picture() + FilmFolder.tone() + FilmFolder.h264 + ["-c:a", "aac"])
        _ = try folder.write([], to: "o.mp4")
        _ = try Command.run(
            "sh",
            [
                "-c",
                "strace -f -o \(folder.path("trace")) \(Worker.executable) cut-500000,1500000,mp4,1000000,copy,file,none 15 60"
                    + " 1<>\(folder.path("o.mp4")) 2>\(folder.path("answer"))",
            ], input: film)
        let lines = String(decoding: try folder.bytes(of: "trace"), as: UTF8.self).split(separator: "\n")
        let filter = try #require(lines.lastIndex { $0.contains("SECCOMP") })
        for call in lines[(filter + 1)...] {
            guard let name = SystemCallTests.name(call) else { continue }
            #expect(SystemCallTests.expected.union(["pwrite64", "getppid"]).contains(name), "\(call)")
        }
        #expect(try folder.bytes(of: "answer").starts(with: Array("RSMW\0".utf8)))
    }
}
