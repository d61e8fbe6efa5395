import ClipIndex
import Foundation
import Media
import Testing

/// Cuts of films that are read over a source, by an index and without: the same frames as from the whole file, and no
/// byte read outside the plan.
@Suite struct GuidedCutTests {
    struct Film: CustomTestStringConvertible, Sendable {
        let name: String
        var inputs = FilmFolder.picture(seconds: 10) + FilmFolder.tone(seconds: 10)
        let codecs: [String]
        var outputs: [String] = []
        var access = FilmAccess.stream
        var testDescription: String { name }
    }

    static let h264 = CutTests.h264 + ["-g", "50"]
    static let fragments = ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"]
    static let twoSounds =
        FilmFolder.picture(seconds: 10) + FilmFolder.tone(seconds: 10)
        + [
            "-f", "lavfi", "-i", "sine=frequency=880:sample_rate=48000:duration=10", "-map", "0", "-map", "1", "-map",
            "2",
        ]
    static let films = [
        Film(name: "last.mp4", codecs: h264 + ["-c:a", "aac"], outputs: ["mp4", "mkv", "ts"], access: .tables),
        Film(
            name: "first.mp4", codecs: h264 + ["-c:a", "aac", "-movflags", "+faststart"], outputs: ["mp4"],
            access: .tables),
        Film(name: "two.mov", inputs: twoSounds, codecs: h264 + ["-c:a", "aac"], outputs: ["mov"], access: .tables),
        Film(
            name: "varying.mp4",
            codecs: h264 + ["-c:a", "aac", "-vf", "select='not(mod(n,3))+gt(n,40)'", "-vsync", "vfr"],
            outputs: ["mp4"], access: .tables),
        Film(
            name: "unedited.mp4", codecs: h264 + ["-c:a", "aac", "-use_editlist", "0"], outputs: ["mp4"],
            access: .tables),
        Film(name: "pcm.mov", codecs: h264 + ["-c:a", "pcm_s16le"], outputs: ["mov", "mkv"], access: .tables),
        Film(
            name: "hevc.mp4", codecs: ["-c:v", "libx265", "-x265-params", "log-level=none:keyint=40", "-c:a", "ac3"],
            outputs: ["mp4"], access: .tables),
        Film(
            name: "turned.mp4", codecs: h264 + ["-c:a", "aac", "-metadata:s:v:0", "rotate=90"], outputs: ["mp4"],
            access: .tables),
        Film(name: "stills.mov", codecs: ["-c:v", "mjpeg", "-c:a", "aac"], outputs: ["mov"], access: .tables),
        Film(
            name: "xvid.avi", codecs: ["-c:v", "mpeg4", "-vtag", "XVID", "-bf", "2", "-g", "30", "-c:a", "mp3"],
            outputs: ["mkv"], access: .tables),
        Film(
            name: "a.avi", codecs: ["-c:v", "mpeg4", "-bf", "0", "-g", "30", "-c:a", "mp3"], outputs: ["avi", "mkv"],
            access: .tables),
        Film(name: "fragments.mp4", codecs: h264 + fragments, outputs: ["mp4", "mkv"]),
        Film(
            name: "dash.mp4",
            codecs: h264 + ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov+default_base_moof+separate_moof"],
            outputs: ["mp4"]),
        Film(name: "a.mkv", codecs: h264 + ["-c:a", "aac"], outputs: ["mkv", "mp4"]),
        Film(
            name: "small.mkv", inputs: twoSounds, codecs: h264 + ["-c:a", "aac", "-cluster_time_limit", "500"],
            outputs: ["mkv"]),
        Film(name: "live.mkv", codecs: h264 + ["-c:a", "aac", "-live", "1"], outputs: ["mkv"]),
        Film(
            name: "open.mkv",
            codecs: ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-x264-params", "open-gop=1:bframes=3:keyint=40"]
                + ["-c:a", "ac3"], outputs: ["mkv"]),
        Film(name: "a.webm", codecs: ["-c:v", "libvpx", "-g", "60", "-c:a", "libopus"], outputs: ["webm"]),
        Film(
            name: "vorbis.webm",
            codecs: ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "60", "-c:a", "libvorbis"],
            outputs: ["webm"]),
        Film(name: "a.ts", codecs: h264 + ["-c:a", "aac"], outputs: ["ts", "mp4"]),
        Film(
            name: "a.m2ts", codecs: h264 + ["-c:a", "ac3", "-f", "mpegts", "-mpegts_m2ts_mode", "1"], outputs: ["ts"]),
        Film(
            name: "a.mpg", codecs: ["-c:v", "mpeg2video", "-bf", "2", "-g", "30", "-c:a", "mp2"],
            outputs: ["mpg", "mkv"]),
        Film(name: "ac3.vob", codecs: ["-c:v", "mpeg2video", "-bf", "2", "-g", "30", "-c:a", "ac3"], outputs: ["mpg"]),
        Film(name: "a.flv", codecs: ["-c:v", "flv", "-g", "30", "-c:a", "mp3"], outputs: ["flv"]),
        Film(name: "avc.flv", codecs: h264 + ["-c:a", "aac"], outputs: ["flv", "mp4"]),
        Film(name: "a.wmv", codecs: ["-c:v", "wmv2", "-g", "30", "-c:a", "wmav2"], outputs: ["wmv"]),
        Film(name: "a.ogv", codecs: ["-c:v", "libtheora", "-g", "30", "-c:a", "libvorbis"], outputs: ["ogv", "mkv"]),
        Film(
            name: "a.m1v", inputs: FilmFolder.picture(seconds: 10),
            codecs: ["-c:v", "mpeg1video", "-bf", "2", "-g", "30"],
            outputs: ["mpg", "mkv"], access: .counted),
        Film(name: "a.mp3", inputs: FilmFolder.tone(seconds: 10), codecs: [], outputs: ["mp3"], access: .counted),
        Film(name: "a.m4a", inputs: FilmFolder.tone(seconds: 10), codecs: [], outputs: ["m4a"], access: .tables),
        Film(
            name: "a.aac", inputs: FilmFolder.tone(seconds: 10), codecs: [], outputs: ["aac", "m4a"], access: .counted),
        Film(name: "a.wav", inputs: FilmFolder.tone(seconds: 10), codecs: [], outputs: ["wav"], access: .counted),
        Film(name: "a.flac", inputs: FilmFolder.tone(seconds: 10), codecs: [], outputs: ["flac"]),
        Film(name: "a.ogg", inputs: FilmFolder.tone(seconds: 10), codecs: ["-c:a", "libvorbis"], outputs: ["ogg"]),
        Film(name: "a.opus", inputs: FilmFolder.tone(seconds: 10), codecs: [], outputs: ["opus", "webm"]),
        Film(name: "a.mka", inputs: FilmFolder.tone(seconds: 10), codecs: ["-c:a", "flac"], outputs: ["mka"]),
        Film(name: "a.wma", inputs: FilmFolder.tone(seconds: 10), codecs: [], outputs: ["wma"]),
    ]

    static let intervals = [
        (0.0, 1.0), (0.7, 2.2), (3.3, 6.9), (4.99, 5.03), (4.0, 6.0), (5.07, 8.8), (7.123, 9.4), (9.5, 60),
    ]

    static func index(of path: String) async throws -> FilmIndex {
        if let quick = try await Worker.client.quickIndex(file: path) { return quick }
        return try await Worker.client.scanIndex(file: path)
    }

    @Test(arguments: films) func isCutByItsIndexAndWithout(film: Film) async throws {
        let folder = try FilmFolder()
        let path = try folder.film(film.name, film.inputs + film.codecs)
        let bytes = try folder.bytes(of: film.name)
        let index = try await Self.index(of: path)
        #expect(index.access == film.access && index.fits(fileLength: UInt64(bytes.count)))
        for (number, (start, end)) in Self.intervals.enumerated() {
            // What is read does not depend on what is written: a few places are enough for other containers.
            for ending in number % 3 == 0 ? film.outputs : Array(film.outputs.prefix(1)) {
                let local = folder.path("local.\(ending)")
                defer { try? FileManager.default.removeItem(atPath: local) }
                let here = try await Worker.client.cut(file: path, start: start, end: end, to: local)
                #expect(here.duration > 0)
                let note = Comment("\(film.name) \(ending) \(start)")
                try await Self.readsThePlan(film, index, bytes, folder, (start, end), here, local, note)
                if number == 0 || number == 2, ending == film.outputs.first, !film.name.contains("live") {
                    try await Self.searchesTheFilm(bytes, folder, (start, end), local, note)
                }
            }
        }
        let source = WatchedSource(bytes, atMost: 10_000)
        let scanned = try await Worker.client.scanIndex(file: path)
        #expect(try await Worker.client.scanIndex(source) == scanned)
        let quick = try await Worker.client.quickIndex(file: path)
        #expect(try await Worker.client.quickIndex(source) == quick)
        #expect(try await Worker.client.probe(source) == (try await Worker.client.probe(file: path)))
        if film.access == .tables, let quick { Self.agree(film, quick, scanned) }
    }

    /// Reads the clip over a source that has nothing but what the plan names, and compares it with one of the file.
    private static func readsThePlan(
        _ film: Film, _ index: FilmIndex, _ bytes: [UInt8], _ folder: FilmFolder, _ times: (start: Double, end: Double),
        _ here: CutFacts, _ local: String, _ note: Comment
    ) async throws {
        let plan = try index.plan(try #require(ClipInterval(start: times.start, end: times.end)))
        let source = WatchedSource(bytes, allowing: plan.ranges)
        let remote = folder.path("remote." + (local.split(separator: ".").last ?? ""))
        defer { try? FileManager.default.removeItem(atPath: remote) }
        let request = CutRequest(start: times.start, end: times.end, guide: CutGuide(index, plan))
        do {
            let there = try await Worker.client.cut(
                SplicedSource(plan, index.access, over: source), request, to: remote)
            #expect(abs(here.actualStart - there.actualStart) < 0.000_01, note)
            // AVI does not say how long its last picture waits to be shown.
            let isLoose = film.name.hasSuffix("avi")
            #expect(abs(here.duration - there.duration) < (isLoose ? 0.05 : 0.000_01), note)
            if FileManager.default.contentsEqual(atPath: local, andPath: remote) { return }
            // What a player leaves out at the end of an MP3 is told by the film's own end.
            let copied = film.name.hasSuffix("mp3")
            if copied && times.end > 10 { return }
            let (one, other) = (try Shown.parts(of: local, copied: copied), try Shown.parts(of: remote, copied: copied))
            #expect(!one.isEmpty && Shown.difference(one, other, within: isLoose ? 0.041 : 0.0005) == nil, note)
        } catch {
            Issue.record(error, note)
        }
    }

    /// Without an index the film is searched over the source, and the clip is the same file.
    private static func searchesTheFilm(
        _ bytes: [UInt8], _ folder: FilmFolder, _ times: (start: Double, end: Double), _ local: String, _ note: Comment
    ) async throws {
        let remote = folder.path("searched." + (local.split(separator: ".").last ?? ""))
        let source = WatchedSource(bytes, atMost: 10_000)
        _ = try await Worker.client.cut(source, CutRequest(start: times.start, end: times.end), to: remote)
        #expect(FileManager.default.contentsEqual(atPath: local, andPath: remote), note)
        try FileManager.default.removeItem(atPath: remote)
    }

    /// Both ways to an index count from the same moment, with the same header ranges.
    private static func agree(_ film: Film, _ quick: FilmIndex, _ scanned: FilmIndex) {
        #expect(quick.origin == scanned.origin && quick.access == scanned.access, "\(film.name)")
        #expect(quick.headerRanges == scanned.headerRanges, "\(film.name)")
        for (one, other) in zip(quick.streams, scanned.streams) {
            let keys = [one, other].map { $0.buckets.filter(\.isKey).map(\.time) }
            // AVI does not say when pictures are shown; its tables give a later time than any.
            let slack: Int64 = film.name.hasSuffix("avi") ? 120_000 : 10
            let areClose = zip(keys[0], keys[1]).allSatisfy { abs($0 - $1) <= slack }
            #expect(keys[0].count == keys[1].count && areClose, "\(film.name)")
        }
    }

    /// A film of one picture, one whose edits begin it in its middle, captions, and clusters that do not say how long they
    /// are.
    @Test func oddFilmsAreCutBySpliceToo() async throws {
        let folder = try FilmFolder()
        let long = try folder.film(
            "long.mp4", FilmFolder.picture(seconds: 10) + FilmFolder.tone(seconds: 10) + Self.h264)
        _ = try await Worker.client.cut(file: long, start: 3.3, end: 9, to: folder.path("edited.mp4"))
        try folder.film("one.mp4", FilmFolder.picture(seconds: 0.04) + FilmFolder.h264)
        try folder.film("one.mkv", FilmFolder.picture(seconds: 0.04) + FilmFolder.h264)
        let captions = try folder.write("1\n00:00:01,000 --> 00:00:03,500\nHello\n".utf8, to: "s.srt")
        try folder.film("captions.mkv", ["-i", long, "-i", captions, "-c:v", "copy", "-c:a", "copy", "-c:s", "srt"])
        try folder.film(
            "captions.mp4", ["-i", long, "-i", captions, "-c:v", "copy", "-c:a", "copy", "-c:s", "mov_text"])
        try folder.film("sized.mkv", ["-i", long, "-c", "copy", "-cluster_time_limit", "1000"])
        _ = try folder.write(Self.withoutClusterSizes(try folder.bytes(of: "sized.mkv")), to: "unsized.mkv")
        for name in ["edited.mp4", "one.mp4", "one.mkv", "captions.mkv", "captions.mp4", "unsized.mkv"] {
            let index = try await Self.index(of: folder.path(name))
            for (start, end) in [(0.0, 0.03), (1.5, 2.5), (2.9, 4.1)] where Int64(start * 1e6) < index.duration {
                let plan = try index.plan(try #require(ClipInterval(start: start, end: end)))
                let source = WatchedSource(try folder.bytes(of: name), allowing: plan.ranges)
                let output = name.hasSuffix("mp4") ? "mp4" : "mkv"
                let (local, remote) = (folder.path("local.\(output)"), folder.path("remote.\(output)"))
                _ = try await Worker.client.cut(file: folder.path(name), start: start, end: end, to: local)
                _ = try await Worker.client.cut(
                    SplicedSource(plan, index.access, over: source),
                    CutRequest(start: start, end: end, guide: CutGuide(index, plan)), to: remote)
                let (one, other) = (try Shown.parts(of: local), try Shown.parts(of: remote))
                #expect(!one.isEmpty && Shown.difference(one, other) == nil, "\(name) \(start)")
                for file in [local, remote] { try FileManager.default.removeItem(atPath: file) }
            }
        }
        let (sized, unsized) = (
            try await Self.index(of: folder.path("sized.mkv")), try await Self.index(of: folder.path("unsized.mkv"))
        )
        #expect(sized.streams.map { $0.buckets.map(\.low) } == unsized.streams.map { $0.buckets.map(\.low) })
    }

    /// The film with clusters of unknown size, as live recorders write them.
    private static func withoutClusterSizes(_ film: [UInt8]) -> [UInt8] {
        var bytes = film
        for index in 0..<bytes.count - 12 where bytes[index...].starts(with: [0x1f, 0x43, 0xb6, 0x75]) {
            let length = bytes[index + 4].leadingZeroBitCount + 1
            bytes[index + 4] = 0xff >> UInt8(length - 1)
            for place in 1..<length { bytes[index + 4 + place] = 0xff }
        }
        return bytes
    }

    /// An index that names too little makes no clip with holes.
    @Test func anIndexWithHolesIsBroken() async throws {
        let folder = try FilmFolder()
        try folder.film("a.mp4", FilmFolder.picture(seconds: 10) + FilmFolder.tone(seconds: 10) + Self.h264)
        let bytes = try folder.bytes(of: "a.mp4")
        let index = try await Self.index(of: folder.path("a.mp4"))
        let plan = try index.plan(try #require(ClipInterval(start: 3, end: 9)))
        let whole = CutGuide(index, plan)
        let media = try #require(plan.mediaRanges.first)
        let middle = (media.lowerBound + media.upperBound) / 2
        let ranges = plan.ranges.flatMap { range in
            range.contains(middle) ? [range.lowerBound..<middle - 10_000, middle..<range.upperBound] : [range]
        }
        let guide = CutGuide(origin: whole.origin, begin: whole.begin, ranges: ranges)
        let error = await #expect(throws: CutError.self) {
            try await Worker.client.cut(
                WatchedSource(bytes), CutRequest(start: 3, end: 9, guide: guide), to: folder.path("o.mp4"))
        }
        #expect(error?.cause?.kind == .broken)
    }
}
