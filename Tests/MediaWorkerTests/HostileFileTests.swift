import ClipIndex
import Foundation
import Media
import TestSupport
import Testing

/// HAZARDS L01 to L05: files that are something else, or lie.
@Suite struct HostileFileTests {
    /// Things that libav would read as media, given a chance; `CANARY` becomes the path of a file that exists.
    static let tricks: [(String, String)] = [
        ("hls.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://CANARY\n#EXT-X-ENDLIST\n"),
        ("relative.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\ncanary.ts\n#EXT-X-ENDLIST\n"),
        ("remote.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n"),
        ("concat.avi", "ffconcat version 1.0\nfile 'CANARY'\n"),
        ("sdp.mp4", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n"),
        (
            "dash.mp4",
            "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" profiles=\"urn:mpeg:dash:profile:full:2011\"><Period><BaseURL>file://CANARY</BaseURL></Period></MPD>"
        ),
        (
            "picture.svg.mp4",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"><image xlink:href=\"file://CANARY\"/></svg>"
        ),
        ("lyrics.mp3", "[ti:song]\n[00:01.00]la\n[00:02.00]la\n"),
        ("subtitles.mkv", "1\n00:00:00,000 --> 00:00:02,000\nHello\n"),
        ("page.mp4", "<!doctype html><title>x</title><script src=\"http://127.0.0.1:9/\"></script>"),
        ("playlist.asf", "[Reference]\nRef1=http://127.0.0.1:9/x?MSWMExt=.asf\n"),
        ("metalink.wmv", "ASF http://127.0.0.1:9/\n"),
        ("text.mp4", "This is not a film. It is only a few words that somebody called one.\n"),
        ("meta.ogg", ";FFMETADATA1\ntitle=x\n"),
        ("vapour.mp4", "import vapoursynth\n"),
    ]

    @Test(arguments: tricks) func textsAreNoFilms(name: String, content: String) async throws {
        let folder = try FilmFolder()
        try folder.film("canary.ts", FilmFolder.picture(seconds: 0.2) + ["-c:v", "mpeg2video"])
        let text = content.replacing("CANARY", with: folder.path("canary.ts"))
        #expect(await refusal(of: try folder.write(text.utf8, to: name)) == .notAVideo)
    }

    @Test(arguments: [
        "gif.gif", "png-transparent.png", "jpeg.jpg", "webp.webp", "zip.zip", "pdf.pdf", "svg.svg", "elf.o",
        "html5.html", "flash.swf", "bmp.bmp", "ico.ico", "tiff.tif", "heif.heif", "tar.tar", "gzip.gz", "jxl.jxl",
        "jpeg2.jp2", "png-truncated.png",
    ]) func otherFilesAreNoFilms(name: String) async throws {
        guard let folder = Conformance.folder("small-media") else { return }
        #expect(await refusal(of: folder.appending(path: name).path()) == .notAVideo)
    }

    /// Files of a few hundred bytes at most: read or refused, but always answered.
    @Test(arguments: [
        "AudioVideoInterleave.avi", "FlashVideo.flv", "Mpeg4.mp4", "WindowsMediaVideo.wmv", "mp3.mp3",
        "mp4-with-audio.mp4", "wav.wav", "webm.webm",
    ]) func theSmallestFilmsAreAnswered(name: String) async throws {
        guard let folder = Conformance.folder("small-media") else { return }
        let path = folder.appending(path: name).path()
        let kind = await refusal(of: path)
        #expect(kind != .workerFailed && kind != .timedOut, "\(name): \(String(describing: kind))")
        for job in [Self.quick, Self.scan, Self.picture] {
            let kind = await job(path)
            #expect(kind != .workerFailed && kind != .timedOut)
        }
        for kind in await Self.cut(path, in: try FilmFolder()) { #expect(kind != .workerFailed && kind != .timedOut) }
    }

    static func quick(_ path: String) async -> MediaError.Kind? {
        do { _ = try await Worker.client.quickIndex(file: path) } catch { return error.kind }
        return nil
    }

    static func scan(_ path: String) async -> MediaError.Kind? {
        do { _ = try await Worker.client.scanIndex(file: path) } catch { return error.kind }
        return nil
    }

    static func picture(_ path: String) async -> MediaError.Kind? {
        do { _ = try await Worker.client.thumbnail(file: path) } catch { return error.kind }
        return nil
    }

    /// A copy, and an index with the cut that it leads to over a source.
    static func cut(_ path: String, in folder: FilmFolder) async -> [MediaError.Kind?] {
        let output = folder.path("cut-\(UInt32.random(in: .min ... .max)).mkv")
        defer { try? FileManager.default.removeItem(atPath: output) }
        var kinds: [MediaError.Kind?] = []
        do {
            _ = try await Worker.client.cut(file: path, start: 0.3, end: 0.7, to: output)
        } catch {
            kinds.append(error.cause?.kind)
        }
        try? FileManager.default.removeItem(atPath: output)
        guard let index = try? await Worker.client.scanIndex(file: path), let clip = ClipInterval(start: 0.3, end: 0.7),
            let plan = try? index.plan(clip), let bytes = FileManager.default.contents(atPath: path)
        else { return kinds }
        let source = WatchedSource([UInt8](bytes), allowing: plan.ranges)
        do {
            let request = CutRequest(start: 0.3, end: 0.7, guide: CutGuide(index, plan))
            _ = try await Worker.client.cut(SplicedSource(plan, index.access, over: source), request, to: output)
        } catch {
            kinds.append(error.cause?.kind)
        }
        return kinds
    }

    /// An index of a stranger may say anything of an honest film.
    @Test(arguments: ["mp4", "mkv", "ts", "mpg", "avi", "mp3", "ogv"])
    func anyGuideIsAnswered(fileExtension: String) async throws {
        let folder = try FilmFolder()
        let codecs = ["ogv": ["-c:v", "libtheora", "-c:a", "libvorbis"], "mp3": ["-vn"]][fileExtension] ?? []
        try folder.film(
            "a.\(fileExtension)", FilmFolder.picture("64x48", seconds: 1) + FilmFolder.tone(seconds: 1) + codecs)
        let bytes = try folder.bytes(of: "a.\(fileExtension)")
        var random = Mutation(seed: 11)
        func offset() -> UInt64 { UInt64.random(in: 0...UInt64(bytes.count), using: &random) }
        for round in 0..<12 {
            let ends = [offset(), offset(), offset(), offset()].sorted()
            let time = Int64.random(in: -2_000_000...2_000_000, using: &random)
            let place = round % 3 == 0 ? UInt64.random(in: ends[0]...(1 << 62), using: &random) : ends[1]
            let splice = CutGuide.Splice(offset: ends[0], place: place, time: round % 2 == 0 ? time : nil)
            let guide =
                round < 6
                ? CutGuide(origin: time, splice: splice)
                : CutGuide(
                    origin: time, begin: -time, ranges: [0..<max(1, ends[0]), ends[2]..<max(ends[2] + 1, ends[3])])
            do {
                let request = CutRequest(start: 0.2, end: 0.8, guide: guide)
                _ = try await Worker.client.cut(
                    WatchedSource(bytes), request, to: folder.path("\(round).mkv"))
            } catch {
                #expect(error.cause?.kind != .workerFailed && error.cause?.kind != .timedOut, "\(round) \(guide)")
            }
        }
    }

    @Test func aTruncatedMovieIsBroken() async throws {
        let folder = try FilmFolder()
        let whole = FilmFolder.picture() + FilmFolder.h264
        try folder.film("a.mp4", whole)
        let bytes = try folder.bytes(of: "a.mp4")
        #expect(await refusal(of: try folder.write(bytes.prefix(bytes.count / 2), to: "half.mp4")) == .broken)
    }

    /// L04: damage is answered, never fatal to anyone but the worker. `REELSWARM_FUZZ_FILES` makes it a campaign.
    @Test(arguments: ["mp4", "webm", "mkv", "avi", "ts", "wmv", "flv", "ogv", "mp3"])
    func damagedFilesAreAnswered(fileExtension: String) async throws {
        let folder = try FilmFolder()
        let codecs =
            [
                "webm": ["-c:v", "libvpx", "-c:a", "libvorbis"], "ogv": ["-c:v", "libtheora", "-c:a", "libvorbis"],
                "mp3": ["-vn"],
            ][fileExtension] ?? []
        try folder.film(
            "a.\(fileExtension)", FilmFolder.picture("64x48", seconds: 1) + FilmFolder.tone(seconds: 1) + codecs)
        let whole = try folder.bytes(of: "a.\(fileExtension)")
        let count = ProcessInfo.processInfo.environment["REELSWARM_FUZZ_FILES"].flatMap(Int.init) ?? 4
        for seed in 0..<count {
            var random = Mutation(seed: UInt64(seed))
            let path = try folder.write(random.damaged(whole), to: "damaged.\(fileExtension)")
            let answers = [
                await refusal(of: path), await Self.quick(path), await Self.scan(path), await Self.picture(path),
            ]
            for kind in answers + (await Self.cut(path, in: folder)) {
                #expect(kind != .workerFailed && kind != .unreadable, "seed \(seed): \(String(describing: kind))")
            }
        }
    }
}

/// Damage as transfers and fuzzers do it; the same for the same seed.
struct Mutation: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    /// Some bits turned, in ratios from 0.0005 to 0.02, half of them in the first kilobyte; now and then a piece cut off.
    mutating func damaged(_ whole: [UInt8]) -> [UInt8] {
        var bytes = whole
        let ratio = Double.random(in: 0.0005...0.02, using: &self)
        for _ in 0..<max(1, Int(Double(bytes.count) * ratio)) {
            let end = Bool.random(using: &self) ? min(1024, bytes.count) : bytes.count
            bytes[Int.random(in: 0..<end, using: &self)] ^= 1 << UInt8.random(in: 0...7, using: &self)
        }
        if Int.random(in: 0..<4, using: &self) == 0 {
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &self))
        }
        return bytes
    }
}
