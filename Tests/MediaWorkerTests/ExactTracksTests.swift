import Foundation
import Media
import Testing

/// Sounds, captions, tags and turning of clips that are encoded anew.
@Suite struct ExactTracksTests {
    /// Seconds into a sound at which a tone begins, and how long it lasts.
    private static func tone(in path: String, track: Int = 0) throws -> (begin: Double, length: Double)? {
        let raw = path + "-\(track).raw"
        defer { try? FileManager.default.removeItem(atPath: raw) }
        let (status, output) = try Command.run(
            "ffmpeg",
            ["-v", "error", "-i", path, "-map", "0:a:\(track)", "-af", "aresample=async=1:first_pts=0", "-ac", "1"]
                + ["-ar", "8000", "-f", "s16le", raw])
        try #require(status == 0, "\(output)")
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: raw)))
        let loud = stride(from: 0, to: bytes.count - 1, by: 2).filter {
            abs(Int(Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8))) > 1000
        }
        guard let first = loud.first, let last = loud.last else { return nil }
        return (Double(first) / 16_000, Double(last - first) / 16_000)
    }

    /// A tone of half a second, five seconds into the film.
    private static let burst = [
        "-f", "lavfi", "-i",
        "sine=frequency=440:sample_rate=44100:duration=10,volume='between(t,5,5.5)*4':eval=frame:precision=double,asetnsamples=64",
    ]

    @Test(arguments: ["mp4", "mov", "mkv", "webm", "ts", "m4a", "mp3", "ogg", "opus", "flac", "wav", "mka"])
    func soundsStayWhereTheyWere(ending: String) async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            "a.mkv", FilmFolder.picture(seconds: 10) + Self.burst + CutTests.h264 + ["-c:a", "pcm_s16le"])
        let output = folder.path("o.\(ending)")
        _ = try await Worker.client.cut(file: path, CutRequest(start: 4.7, end: 6.1, mode: .exact), to: output)
        let tone = try #require(try Self.tone(in: output))
        // MPEG-TS has no place for how much of the first packet is the encoder's own.
        #expect(abs(tone.begin - 0.3) < 0.035 && abs(tone.length - 0.5) < 0.035, "\(ending) \(tone)")
        #expect(abs(try Shown.samples(of: output) - 1.4) < 0.06, "\(ending)")
    }

    @Test(arguments: [
        ("a.mp3", []), ("a.m4a", []), ("a.flac", []), ("a.wav", []), ("a.ogg", ["-c:a", "libvorbis"]),
        ("a.opus", []), ("a.aac", []), ("a.wma", ["-c:a", "wmav2"]),
    ]) func soundsAloneAreCutToThePacket(name: String, codecs: [String]) async throws {
        let folder = try FilmFolder()
        let path = try folder.film(name, Self.burst + codecs)
        let source = try #require(try Self.tone(in: path))
        for (start, end) in [(4.7, 6.1), (5.1, 60)] {
            for ending in ["m4a", "mp3", "flac", "opus"].prefix(start == 4.7 ? 4 : 1) {
                let output = folder.path("\(start).\(ending)")
                let facts = try await Worker.client.cut(
                    file: path, CutRequest(start: start, end: end, mode: .exact), to: output)
                let place = "\(name) \(ending) \(start)"
                let tone = try #require(try Self.tone(in: output), "\(place)")
                #expect(abs(tone.begin - max(0, source.begin - start)) < 0.05, "\(place) \(tone)")
                #expect(
                    abs(facts.duration - (min(end, 10) - start)) < (end > 10 ? 0.15 : 0.001),
                    "\(place) \(facts.duration)")
                #expect(abs(try Shown.samples(of: output) - facts.duration) < 0.06, "\(place)")
            }
        }
    }

    @Test func soundsOfEveryKindAreConverted() async throws {
        let folder = try FilmFolder()
        let kinds: [(String, [String])] = [
            ("many.mkv", ["-ac", "6", "-c:a", "flac"]), ("eight.wav", ["-ac", "8", "-c:a", "pcm_s24le"]),
            ("low.wav", ["-ar", "8000", "-ac", "1", "-c:a", "pcm_u8"]), ("high.flac", ["-ar", "96000"]),
            ("four.wav", ["-ac", "4", "-c:a", "pcm_f32le"]), ("telephone.wav", ["-ar", "8000", "-c:a", "pcm_alaw"]),
        ]
        for (name, codecs) in kinds {
            let path = try folder.film(name, FilmFolder.tone(seconds: 3) + codecs)
            for ending in ["m4a", "opus", "mp3", "flac"] {
                let output = folder.path("\(name).\(ending)")
                _ = try await Worker.client.cut(
                    file: path, CutRequest(start: 0.5, end: 2, mode: .exact), to: output)
                #expect(abs(try Shown.samples(of: output) - 1.5) < 0.07, "\(name) \(ending)")
            }
        }
        let fine = try await Worker.client.probe(file: folder.path("eight.wav.flac"))
        #expect(fine.streams.first?.channels == 8)
    }

    @Test func tracksTagsAndCaptionsAreKept() async throws {
        let folder = try FilmFolder()
        let captions = try folder.write("1\n00:00:01,000 --> 00:00:03,500\nHello\n".utf8, to: "s.srt")
        let inputs = FilmFolder.picture(seconds: 6) + FilmFolder.tone(seconds: 6) + Self.burst
        let film = try folder.film(
            "a.mkv",
            inputs + ["-i", captions, "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-t", "6"] + FilmFolder.h264
                + ["-c:a", "aac", "-c:s", "subrip", "-metadata", "title=A film", "-metadata:s:a:0", "language=deu"]
                + ["-metadata:s:a:1", "language=fra"])
        let source = try #require(try Self.tone(in: film, track: 1))
        for name in ["o.mkv", "o.mp4", "o.webm"] {
            let output = folder.path(name)
            let facts = try await Worker.client.cut(
                file: film, CutRequest(start: 2, end: 5.5, mode: .exact), to: output)
            let made = try await Worker.client.probe(file: output)
            #expect(made.title == "A film")
            #expect(made.streams.filter { $0.kind == .audio }.map(\.language) == ["deu", "fra"], "\(name)")
            #expect(facts.leftOut == (name == "o.mkv" ? [] : [CutFacts.LeftOut(kind: .subtitle, codec: "subrip")]))
            let second = try #require(try Self.tone(in: output, track: 1))
            #expect(abs(second.begin - (source.begin - 2)) < 0.035)
        }
        let (_, shown) = try Command.run(
            "ffprobe",
            ["-v", "error", "-select_streams", "s", "-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0"]
                + [folder.path("o.mkv")])
        let times = shown.split(separator: "\n").first?.split(separator: ",").compactMap { Double($0) } ?? []
        #expect(times.count == 2 && abs(times[0]) < 0.002 && abs(times[1] - 1.5) < 0.03, "\(shown)")
    }

    /// Where the film has sound but no picture yet, the clip is that sound.
    @Test func soundBeforeTheFirstPictureIsTaken() async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            "a.mkv",
            ["-itsoffset", "7"] + FilmFolder.picture(seconds: 3) + Self.burst + FilmFolder.h264 + ["-c:a", "aac"])
        let source = try #require(try Self.tone(in: path))
        for (name, start, end) in [("o.mp4", 0.0, 6), ("o.mkv", 4.5, 6.5), ("p.mp4", 4.5, 8), ("p.mkv", 0, 8)] {
            let output = folder.path(name)
            let facts = try await Worker.client.cut(
                file: path, CutRequest(start: start, end: end, mode: .exact), to: output)
            #expect(facts.leftOut == (end < 7 ? [CutFacts.LeftOut(kind: .video, codec: "h264")] : []), "\(name)")
            #expect(abs(facts.duration - (end - start)) < 0.001)
            let tone = try #require(try Self.tone(in: output), "\(name)")
            #expect(
                abs(tone.begin - (source.begin - start)) < 0.035 && abs(tone.length - 0.5) < 0.035, "\(name) \(tone)")
        }
        #expect(try Shown.frames(of: folder.path("p.mp4")).map(\.time).first.map { abs($0 - 2.5) < 0.03 } == true)
        // A copy of pictures and sounds together begins with both or neither.
        let error = await #expect(throws: CutError.self) {
            try await Worker.client.cut(file: path, start: 1, end: 2.5, to: folder.path("q.mkv"))
        }
        #expect(error?.code == .notCuttable)
        _ = try await Worker.client.cut(file: path, start: 4.5, end: 8, to: folder.path("r.mp4"))
        let tone = try #require(try Self.tone(in: folder.path("r.mp4")))
        #expect(abs(tone.begin - (source.begin - 4.5)) < 0.035, "\(tone)")
    }

    /// Packets of sound that is sampled seldom are long, and captions may be: the clip is as long as asked all the same.
    @Test func nothingLastsLongerThanTheClip() async throws {
        let folder = try FilmFolder()
        let captions = try folder.write("1\n00:00:01,000 --> 00:00:03,500\nHello\n".utf8, to: "s.srt")
        let inputs = FilmFolder.picture(seconds: 4) + FilmFolder.tone(seconds: 4) + ["-i", captions]
        let maps = ["-map", "0", "-map", "1", "-map", "2"] + FilmFolder.h264 + ["-c:a", "aac", "-ar", "8000"]
        for (name, codec) in [("a.mp4", "mov_text"), ("a.mkv", "subrip")] {
            let path = try folder.film(name, inputs + maps + ["-c:s", codec])
            let output = folder.path("o" + name.dropFirst())
            for mode in [CutMode.exact, .copy] {
                let facts = try await Worker.client.cut(
                    file: path, CutRequest(start: 0, end: 1.5, mode: mode), to: output)
                #expect(facts.leftOut.isEmpty)
                let (_, text) = try Command.run(
                    "ffprobe", ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", output])
                let length = Double(text.split(separator: "\n").first ?? "") ?? 0
                // Matroska has whole packets of sound.
                #expect(abs(length - 1.5) < (name == "a.mp4" ? 0.005 : 0.13), "\(name) \(mode) \(length)")
                try FileManager.default.removeItem(atPath: output)
            }
        }
    }

    @Test(arguments: [90, 180, 270]) func turningIsKeptOrApplied(degrees: Int) async throws {
        let folder = try FilmFolder()
        try folder.film("up.mp4", FilmFolder.picture() + FilmFolder.h264)
        let path = try folder.film(
            "turned.mp4", ["-i", folder.path("up.mp4"), "-c", "copy", "-metadata:s:v:0", "rotate=\(degrees)"])
        let size = degrees == 180 ? (width: 160, height: 90) : (width: 90, height: 160)
        let source = try Pixels(of: path, 10...19, width: size.width, height: size.height)
        for name in ["o.mp4", "o.mkv", "o.webm"] {
            let output = folder.path(name)
            let facts = try await Worker.client.cut(
                file: path, CutRequest(start: 0.4, end: 0.8, mode: .exact), to: output)
            #expect(!facts.losesRotation)
            let clip = try Pixels(of: output, width: size.width, height: size.height)
            try #require(clip.pictures.count == 10, "\(name)")
            for (one, other) in zip(clip.pictures, source.pictures) {
                #expect(Pixels.likeness(one, other) > 35, "\(name)")
            }
        }
    }

    @Test func coloursAndPixelShapesAreKept() async throws {
        let folder = try FilmFolder()
        let tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
        let film = try folder.film(
            "a.mp4", FilmFolder.picture() + ["-vf", "setsar=4/3"] + FilmFolder.h264 + tags)
        for name in ["o.mp4", "o.mkv", "o.webm"] {
            _ = try await Worker.client.cut(
                file: film, CutRequest(start: 0.5, end: 1, mode: .exact), to: folder.path(name))
            let (_, facts) = try Command.run(
                "ffprobe",
                ["-v", "error", "-select_streams", "v", "-show_entries"]
                    + ["stream=sample_aspect_ratio,color_space,color_range", "-of", "csv=p=0", folder.path(name)])
            // WebM tells a width in whole pixels.
            #expect(facts.hasPrefix(name == "o.webm" ? "213:160,tv,bt709" : "4:3,tv,bt709"), "\(name) \(facts)")
        }
    }
}
