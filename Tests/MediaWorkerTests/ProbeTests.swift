import Foundation
import Media
import Testing

@Suite struct ProbeTests {
    struct Film: CustomTestStringConvertible {
        let name: String
        let arguments: [String]
        let mediaType: String
        let container: String
        var codecs: [String] = []
        var plays = false
        var testDescription: String { name }
    }

    static let both = FilmFolder.picture() + FilmFolder.tone()
    static let films = [
        Film(
            name: "a.mp4", arguments: both + FilmFolder.h264 + ["-c:a", "aac"], mediaType: "video/mp4",
            container: "mp4",
            codecs: ["h264", "aac"], plays: true),
        Film(
            name: "first.mp4", arguments: both + FilmFolder.h264 + ["-c:a", "aac", "-movflags", "+faststart"],
            mediaType: "video/mp4", container: "mp4", codecs: ["h264", "aac"], plays: true),
        Film(
            name: "fragments.mp4",
            arguments: both + FilmFolder.h264 + ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"],
            mediaType: "video/mp4", container: "mp4", codecs: ["h264", "aac"], plays: true),
        Film(
            name: "a.mov", arguments: both + FilmFolder.h264 + ["-c:a", "aac"], mediaType: "video/quicktime",
            container: "mov", codecs: ["h264", "aac"], plays: true),
        Film(
            name: "a.mkv", arguments: both + FilmFolder.h264 + ["-c:a", "ac3"], mediaType: "video/x-matroska",
            container: "matroska", codecs: ["h264", "ac3"]),
        Film(
            name: "a.webm", arguments: both + ["-c:v", "libvpx", "-c:a", "libopus"], mediaType: "video/webm",
            container: "webm", codecs: ["vp8", "opus"], plays: true),
        Film(
            name: "a.avi", arguments: both + ["-c:v", "mpeg4", "-c:a", "mp3"], mediaType: "video/x-msvideo",
            container: "avi", codecs: ["mpeg4", "mp3"]),
        Film(
            name: "a.ts", arguments: both + FilmFolder.h264 + ["-c:a", "aac"], mediaType: "video/mp2t",
            container: "mpegts", codecs: ["h264", "aac"]),
        Film(
            name: "a.mpg", arguments: both, mediaType: "video/mpeg", container: "mpeg", codecs: ["mpeg1video", "mp2"]),
        Film(
            name: "a.m2v", arguments: FilmFolder.picture() + ["-c:v", "mpeg2video"], mediaType: "video/mpeg",
            container: "mpeg", codecs: ["mpeg2video"]),
        Film(
            name: "a.flv", arguments: both + ["-c:v", "flv", "-c:a", "mp3"], mediaType: "video/x-flv", container: "flv"),
        Film(
            name: "a.wmv", arguments: both + ["-c:v", "wmv2", "-c:a", "wmav2"], mediaType: "video/x-ms-asf",
            container: "asf", codecs: ["wmv2", "wmav2"]),
        Film(
            name: "a.asf", arguments: both + ["-c:v", "msmpeg4", "-c:a", "wmav1"], mediaType: "video/x-ms-asf",
            container: "asf"),
        Film(
            name: "a.ogv", arguments: both + ["-c:v", "libtheora", "-c:a", "libvorbis"], mediaType: "video/ogg",
            container: "ogg", codecs: ["theora", "vorbis"]),
        Film(
            name: "silent.mp4", arguments: FilmFolder.picture() + FilmFolder.h264, mediaType: "video/mp4",
            container: "mp4", codecs: ["h264"], plays: true),
    ]

    @Test(arguments: films) func knowsFilms(film: Film) async throws {
        let folder = try FilmFolder()
        let facts = try await Worker.client.probe(file: try folder.film(film.name, film.arguments))
        #expect(facts.mediaType == film.mediaType)
        #expect(facts.container == film.container)
        #expect(facts.isVideo && !facts.isAudio)
        #expect(facts.playableInBrowser == film.plays)
        #expect(facts.width == 160 && facts.height == 90)
        if !film.codecs.isEmpty { #expect(Set(facts.streams.map(\.codec)) == Set(film.codecs)) }
        #expect(!facts.streams.contains { !$0.isDecodable })
        if film.name != "a.m2v" {
            let duration = try #require(facts.duration)
            #expect(abs(duration - 2) < 0.3)
        }
        let picture = try #require(facts.streams.first { $0.kind == .video })
        #expect(abs((picture.frameRate ?? 0) - 25) < 0.5)
        if let sound = facts.streams.first(where: { $0.kind == .audio }) {
            #expect(sound.sampleRate == (film.name == "a.webm" ? 48000 : 44100) && sound.channels == 1)
        }
    }

    @Test(arguments: [
        ("a.mp3", [], "audio/mpeg", "mp3"), ("a.m4a", [], "audio/mp4", "m4a"), ("a.wav", [], "audio/wav", "wav"),
        ("a.flac", [], "audio/flac", "flac"), ("a.ogg", ["-c:a", "libvorbis"], "audio/ogg", "ogg"),
        ("a.opus", [], "audio/ogg", "opus"), ("a.aac", ["-c:a", "aac"], "audio/aac", "aac"),
        ("a.wma", [], "audio/x-ms-wma", "wma"), ("a.mka", ["-c:a", "flac"], "audio/x-matroska", "mka"),
    ]) func knowsSounds(name: String, arguments: [String], mediaType: String, fileExtension: String) async throws {
        let folder = try FilmFolder()
        let path = try folder.film(name, FilmFolder.tone() + arguments)
        let facts = try await Worker.client.probe(file: path)
        #expect(facts.mediaType == mediaType && facts.fileExtension == fileExtension)
        #expect(facts.isAudio && !facts.isVideo && facts.width == nil)
        #expect(abs((facts.duration ?? 0) - 2) < 0.3)
        #expect(try await Worker.client.thumbnail(file: path) == nil)
    }

    @Test func showsTagsLanguagesAndShape() async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            "a.mkv",
            FilmFolder.picture("360x288") + FilmFolder.tone() + FilmFolder.h264
                + ["-vf", "setsar=16/15", "-metadata", "title=A film\u{202e}\u{0}", "-metadata", "artist=Somebody"]
                + ["-metadata:s:a:0", "language=deu"])
        let facts = try await Worker.client.probe(file: path)
        #expect(facts.title == "A film" && facts.artist == "Somebody")
        #expect(facts.streams.map(\.language) == [nil, "deu"])
        #expect(facts.width == 384 && facts.height == 288)
        let encoded = try JSONEncoder().encode(facts)
        #expect(try JSONDecoder().decode(MediaFacts.self, from: encoded) == facts)
    }

    @Test func aRotatedFilmIsUpright() async throws {
        let folder = try FilmFolder()
        try folder.film("a.mp4", FilmFolder.picture() + FilmFolder.h264)
        let path = try folder.film(
            "turned.mp4", ["-i", folder.path("a.mp4"), "-c", "copy", "-metadata:s:v:0", "rotate=90"])
        let facts = try await Worker.client.probe(file: path)
        #expect(facts.width == 90 && facts.height == 160)
    }

    /// HAZARDS L03 under DESIGN 2.10: the container is listed, the decoder is not: published, never opened.
    @Test(arguments: ["magicyuv", "jpeg2000", "exr", "ffv1", "png"]) func anUnlistedCodecIsNotDecoded(codec: String)
        async throws
    {
        let folder = try FilmFolder()
        let format = codec == "exr" ? ["-pix_fmt", "gbrpf32le"] : []
        let path = try folder.film("a.mkv", FilmFolder.picture(seconds: 0.4) + ["-c:v", codec] + format)
        let facts = try await Worker.client.probe(file: path)
        #expect(facts.isVideo && facts.streams.map(\.codec) == [codec])
        #expect(facts.streams.map(\.isDecodable) == [false])
        #expect(facts.width == 160)
        #expect(try await Worker.client.thumbnail(file: path) == nil)
        #expect(try await Worker.client.scanIndex(file: path).streams.first?.buckets.isEmpty == false)
    }

    @Test func whatCannotBeOpenedSaysSo() async throws {
        let folder = try FilmFolder()
        #expect(await refusal(of: folder.path("missing.mp4")) == .unreadable)
        #expect(await refusal(of: folder.url.path()) == .unreadable)
        #expect(await refusal(of: try folder.write([], to: "empty.mp4")) == .notAVideo)
    }
}
