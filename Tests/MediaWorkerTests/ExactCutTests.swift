import ClipIndex
import Foundation
import Media
import Testing

@testable import MediaWorker

/// Clips that are encoded anew: every picture of the interval, and no other, as a full decode of the film shows it.
@Suite struct ExactCutTests {
    struct Film: CustomTestStringConvertible, Sendable {
        let name: String
        var arguments: [String] = CutTests.h264
        var size = (width: 160, height: 90)
        var rate = 25
        var filter = "null"
        var outputs = ["o.mp4"]
        /// What is done to the film's pictures before they are compared.
        var compared = "null"
        var comparedSize: (width: Int, height: Int)?
        var points = [(0.0, 1.0), (3.3, 6.9), (4.99, 5.03), (9.5, 60)]
        var testDescription: String { name }
    }

    static let films = [
        Film(name: "bframes.mp4", outputs: ["o.mp4", "o.mov", "o.mkv", "o.ts", "o.webm", "o.flv"]),
        Film(
            name: "open.mkv",
            arguments: ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-x264-params", "open-gop=1:bframes=3:keyint=40"],
            outputs: ["o.mp4", "o.mkv"]),
        Film(name: "a.ts", outputs: ["o.mp4"]), Film(name: "a.webm", arguments: ["-c:v", "libvpx", "-g", "100"]),
        Film(name: "a.mpg", arguments: ["-c:v", "mpeg2video", "-bf", "2", "-g", "30", "-q:v", "4"]),
        Film(name: "a.avi", arguments: ["-c:v", "mpeg4", "-q:v", "3"]),
        Film(name: "a.flv", arguments: ["-c:v", "flv", "-q:v", "3"]),
        Film(name: "a.wmv", arguments: ["-c:v", "wmv2", "-q:v", "3"]),
        Film(
            name: "fragmented.mp4", arguments: CutTests.h264 + ["-movflags", "frag_keyframe+empty_moov"]),
        Film(name: "fast.mkv", rate: 60, outputs: ["o.mp4", "o.mkv"]),
        Film(
            name: "vfr.mkv", filter: "select=not(mod(n\\,7))+not(mod(n\\,5))+lt(n\\,40)", outputs: ["o.mp4", "o.mkv"]),
        Film(
            name: "odd.mkv", arguments: ["-c:v", "libx264", "-pix_fmt", "yuv444p", "-preset", "ultrafast"],
            size: (161, 91), outputs: ["o.mp4", "o.webm"], compared: "crop=160:90:0:0", comparedSize: (160, 90)),
        Film(
            name: "fine.mkv", arguments: ["-c:v", "libx264", "-pix_fmt", "yuv420p10le", "-preset", "ultrafast"],
            outputs: ["o.mp4", "o.webm"]),
        Film(name: "wide.mkv", arguments: CutTests.h264 + ["-vf", "setsar=4/3"], outputs: ["o.mp4", "o.mkv"]),
        Film(
            name: "interlaced.ts",
            arguments: ["-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-q:v", "4", "-s", "160x96"], size: (160, 96)),
        Film(
            name: "full.mkv", arguments: ["-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj422p"],
            outputs: ["o.mp4", "o.webm"]),
    ]

    private static func make(_ film: Film, in folder: FilmFolder) throws -> String {
        let picture = FilmFolder.picture("\(film.size.width)x\(film.size.height)", seconds: 10, rate: film.rate)
        let filter = film.filter == "null" ? [] : ["-vf", film.filter, "-vsync", "vfr"]
        return try folder.film(
            film.name,
            picture + FilmFolder.tone(seconds: 10) + filter + film.arguments + ["-c:a", sound(for: film.name)])
    }

    private static func sound(for name: String) -> String {
        let sounds = ["webm": "libopus", "mpg": "mp2", "flv": "mp3", "avi": "mp3", "wmv": "wmav2"]
        return sounds[String(name.split(separator: ".").last ?? "")] ?? "aac"
    }

    @Test(arguments: films) func everyPictureIsThere(film: Film) async throws {
        let folder = try FilmFolder()
        let path = try Self.make(film, in: folder)
        let whole = try Pixels.times(of: path)
        let size = film.comparedSize ?? film.size
        let source = try Pixels(of: path, width: size.width, height: size.height, filter: film.compared)
        try #require(source.pictures.count == whole.count)
        for (start, end) in film.points {
            for name in film.outputs {
                let output = folder.path("\(start)-\(name)")
                let facts = try await Worker.client.cut(
                    file: path, CutRequest(start: start, end: end, mode: .exact), to: output)
                let place = "\(film.name) \(name) \(start)"
                let expected = whole.indices.filter { whole[$0] >= start - 0.000_002 && whole[$0] < end - 0.000_002 }
                let clip = try Decoded(of: output, width: size.width, height: size.height)
                try #require(clip.pictures.count == expected.count, "\(place)")
                for (number, index) in expected.enumerated() {
                    let likeness = Pixels.likeness(clip.pictures[number], source.pictures[index])
                    #expect(likeness > 35, "\(place) picture \(number) of \(expected.count)")
                }
                Self.checkTimes(clip.times, whole, expected, place)
                // The film's last sound may end a few packets behind its last picture.
                let (length, slack) = end > 10 ? (10 - start, 0.15) : (end - start, 0.045)
                #expect(abs(facts.duration - length) < slack && facts.actualStart == start, "\(place) \(facts)")
                #expect(facts.beginsAsAsked)
                #expect(facts.bytes == (try Shown.size(of: output)))
                #expect(abs(clip.heard - length) < slack, "\(place) \(clip.heard)")
            }
        }
    }

    /// Read over an index, from nothing but what its plan names, the clip is the same file.
    @Test(arguments: ["a.mp4", "a.mkv", "a.ts"]) func aGuidedClipIsTheSame(name: String) async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            name,
            FilmFolder.picture(seconds: 10) + FilmFolder.tone(seconds: 10) + FilmFolder.h264 + ["-g", "50"]
                + ["-c:a", "aac"])
        let index = try await Worker.client.scanIndex(file: path)
        let plan = try index.plan(try #require(ClipInterval(start: 5.3, end: 7.1)))
        let film = WatchedSource(try folder.bytes(of: name), allowing: plan.ranges)
        _ = try await Worker.client.cut(
            file: path, CutRequest(start: 5.3, end: 7.1, mode: .exact), to: folder.path("local.mp4"))
        let request = CutRequest(start: 5.3, end: 7.1, mode: .exact, guide: CutGuide(index, plan))
        _ = try await Worker.client.cut(
            SplicedSource(plan, index.access, over: film), request, to: folder.path("guided.mp4"))
        let shown = try ["local.mp4", "guided.mp4"].map { try Shown.frames(of: folder.path($0)).map(\.digest) }
        #expect(shown[0] == shown[1] && shown[0].count == 45)
    }

    /// Pictures follow each other as they do in the film.
    private static func checkTimes(_ shown: [Double], _ whole: [Double], _ expected: [Int], _ place: String) {
        #expect(shown.count == expected.count, "\(place)")
        guard let first = expected.first, let begin = shown.first else { return }
        for (time, index) in zip(shown, expected) {
            #expect(abs(time - begin - (whole[index] - whole[first])) < 0.0025, "\(place) \(index)")
        }
    }

    @Test func aFilmOfOnePictureIsCut() async throws {
        let folder = try FilmFolder()
        let path = try folder.film("a.mp4", FilmFolder.picture(seconds: 0.04) + FilmFolder.h264)
        let facts = try await Worker.client.cut(
            file: path, CutRequest(start: 0, end: 5, mode: .exact), to: folder.path("o.mp4"))
        #expect(abs(facts.duration - 0.04) < 0.002)
        #expect(try Shown.frames(of: folder.path("o.mp4")).count == 1)
    }

    /// Between two pictures that stand for ten seconds each, what is on the screen is shown.
    @Test func aStandingPictureIsTheFirst() async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            "slides.mkv",
            ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=1/10:duration=40"] + FilmFolder.tone(seconds: 40)
                + FilmFolder.h264 + ["-c:a", "aac"])
        for name in ["o.mp4", "o.mkv"] {
            let facts = try await Worker.client.cut(
                file: path, CutRequest(start: 13, end: 17, mode: .exact), to: folder.path(name))
            let source = try Pixels(of: path, 1...1, width: 160, height: 90)
            let clip = try Pixels(of: folder.path(name), width: 160, height: 90)
            #expect(clip.pictures.count == 1 && abs(facts.duration - 4) < 0.03)
            #expect(Pixels.likeness(clip.pictures[0], source.pictures[0]) > 35)
        }
    }

    @Test func filmsWithoutSoundAndLongIntervals() async throws {
        let folder = try FilmFolder()
        let path = try folder.film("a.mp4", FilmFolder.picture(seconds: 3) + FilmFolder.h264)
        let facts = try await Worker.client.cut(
            file: path, CutRequest(start: 1, end: 1e9, mode: .exact), to: folder.path("o.mp4"))
        #expect(abs(facts.duration - 2) < 0.05)
        #expect(try await refusal(path, 3.5, 5, to: folder.path("p.mp4"))?.code == .beyondEnd)
        let long = try folder.film(
            "long.mkv", ["-f", "lavfi", "-i", "color=black:size=32x32:rate=1:duration=700"] + FilmFolder.h264)
        let error = try await refusal(long, 10, 650, to: folder.path("q.mp4"))
        #expect(error?.code == .tooLong && error?.message.contains("10 minutes") == true)
        #expect(try await refusal(long, 100, 699, to: folder.path("q.mp4")) == nil)
    }

    @Test func whatIsNotEncodedSaysWhatIs() async throws {
        let folder = try FilmFolder()
        let path = try folder.film("a.mp4", FilmFolder.picture(seconds: 1) + FilmFolder.h264)
        let error = try await refusal(path, 0, 1, to: folder.path("o.avi"))
        #expect(error?.code == .codecUnfit && error?.message.contains("mp4, webm, mkv") == true)
        #expect(try await refusal(path, 0, 1, to: folder.path("o.mp3"))?.code == .notCuttable)
        let lossless = try folder.film("a.mkv", FilmFolder.picture(seconds: 1) + ["-c:v", "ffv1"])
        #expect(try await refusal(lossless, 0, 1, to: folder.path("o.mp4"))?.cause?.kind == .codecNotAllowed)
        let huge = try folder.film(
            "huge.mkv", ["-f", "lavfi", "-i", "color=red:size=7680x4320:rate=2:duration=1"] + FilmFolder.h264)
        let refused = try await refusal(huge, 0, 1, to: folder.path("o.mp4"))
        #expect(refused?.code == .notCuttable && refused?.message.contains("too large") == true)
    }

    /// The error an exact cut ends with.
    private func refusal(
        _ path: String, _ start: Double, _ end: Double, to output: String
    ) async throws -> CutError? {
        do {
            _ = try await Worker.client.cut(
                file: path, CutRequest(start: start, end: end, mode: .exact), to: output)
            return nil
        } catch {
            return error
        }
    }

    @Test func progressGoesUpToTheEnd() async throws {
        let folder = try FilmFolder()
        let path = try folder.film("a.mp4", FilmFolder.picture("320x180", seconds: 4) + FilmFolder.h264)
        let told = Told<Double>()
        _ = try await Worker.client.cut(
            file: path, CutRequest(start: 0, end: 4, mode: .exact), to: folder.path("o.mp4")
        ) { told.append($0) }
        let shares = told.all
        #expect(shares.count > 10 && shares == shares.sorted() && shares.allSatisfy { (0...1).contains($0) })
        #expect(shares.last.map { $0 > 0.9 } == true)
    }

    @Test func twoClipsOfTheSameAreTheSame() async throws {
        let folder = try FilmFolder()
        let film = try folder.film(
            "a.mkv", FilmFolder.picture() + FilmFolder.tone() + FilmFolder.h264 + ["-c:a", "aac"])
        for ending in ["mp4", "mkv", "webm"] {
            for name in ["1", "2"] {
                _ = try await Worker.client.cut(
                    file: film, CutRequest(start: 0.5, end: 1, mode: .exact), to: folder.path("\(name).\(ending)"))
            }
            #expect(try folder.bytes(of: "1.\(ending)") == folder.bytes(of: "2.\(ending)"))
        }
    }

    @Test(arguments: LibAV.encoders) func everyListedEncoderExists(name: String) {
        #expect(LibAV.encoder(name) != nil)
    }

    @Test func otherEncodersAreNotOffered() {
        for name in ["mpeg4", "libx265", "png", "ffv1", "h264_v4l2m2m", "ac3"] { #expect(LibAV.encoder(name) == nil) }
    }
}
