import Foundation
import Media
import Testing

@Suite struct ThumbnailTests {
    /// Width, height and mean brightness (0...1) of a JPEG, as ImageMagick sees them.
    static func look(at jpeg: [UInt8], in folder: FilmFolder) throws -> (width: Int, height: Int, brightness: Double) {
        let path = try folder.write(jpeg, to: "seen.jpg")
        let (status, text) = try Command.run("identify", ["-format", "%m %w %h %[fx:mean]", path])
        let words = text.split(separator: " ")
        try #require(status == 0 && words.count == 4 && words[0] == "JPEG", "\(text)")
        return (try #require(Int(words[1])), try #require(Int(words[2])), try #require(Double(words[3])))
    }

    @Test(
        .enabled(if: Command.exists("identify")),
        arguments: [
            ("1280x720", 640, 360), ("320x180", 320, 180), ("200x1000", 200, 1000), ("400x3000", 170, 1280),
        ]) func isAsWideAsAsked(size: String, width: Int, height: Int) async throws
    {
        let folder = try FilmFolder()
        let path = try folder.film("a.mp4", FilmFolder.picture(size, seconds: 0.4) + FilmFolder.h264)
        let jpeg = try #require(try await Worker.client.thumbnail(file: path))
        let seen = try Self.look(at: jpeg, in: folder)
        #expect(jpeg.count <= 512_000)
        #expect(seen.width == width && seen.height == height)
    }

    @Test(
        .enabled(if: Command.exists("identify")),
        arguments: ["mp4", "mkv", "webm", "avi", "ts", "mpg", "flv", "wmv", "ogv"])
    func looksPastABlackBeginning(fileExtension: String) async throws {
        let folder = try FilmFolder()
        let codecs = ["webm": ["-c:v", "libvpx"], "ogv": ["-c:v", "libtheora"]][fileExtension] ?? []
        let path = try folder.film(
            "a.\(fileExtension)",
            ["-f", "lavfi", "-i", "color=black:size=160x90:rate=25:duration=1.2"] + FilmFolder.picture(seconds: 2)
                + ["-filter_complex", "[0:v][1:v]concat=n=2:v=1:a=0", "-g", "10"] + codecs)
        let jpeg = try #require(try await Worker.client.thumbnail(file: path))
        #expect(try Self.look(at: jpeg, in: folder).brightness > 0.2)
    }

    @Test(.enabled(if: Command.exists("identify"))) func anAllBlackFilmStillHasOne() async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            "a.mp4", ["-f", "lavfi", "-i", "color=black:size=160x90:rate=25:duration=1"] + FilmFolder.h264)
        let jpeg = try #require(try await Worker.client.thumbnail(file: path))
        #expect(try Self.look(at: jpeg, in: folder).brightness < 0.1)
    }

    /// The upper half is white, the lower black: after each turn the white is where a player shows it.
    @Test(.enabled(if: Command.exists("convert")), arguments: [(90, "1x0+159+0"), (180, ""), (270, "")])
    func isTurnedAsPlayersDo(degrees: Int, _ unused: String) async throws {
        let folder = try FilmFolder()
        try folder.film(
            "a.mp4",
            ["-f", "lavfi", "-i", "color=black:size=160x96:rate=25:duration=1"]
                + ["-vf", "drawbox=x=0:y=0:w=160:h=48:color=white:t=fill"] + FilmFolder.h264)
        let path = try folder.film(
            "turned.mp4", ["-i", folder.path("a.mp4"), "-c", "copy", "-metadata:s:v:0", "rotate=\(degrees)"])
        try folder.film("expected.png", ["-i", path, "-frames:v", "1"])
        let jpeg = try #require(try await Worker.client.thumbnail(file: path))
        let seen = try folder.write(jpeg, to: "seen.jpg")
        // compare prints the mean error; zero-like when every pixel is where ffmpeg puts it.
        let (_, text) = try Command.run("compare", ["-metric", "MAE", seen, folder.path("expected.png"), "null:"])
        let error = try #require(text.split(separator: "(").last.flatMap { Double($0.prefix { $0 != ")" }) }, "\(text)")
        #expect(error < 0.05)
    }

    @Test(.enabled(if: Command.exists("identify"))) func respectsPixelShape() async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            "a.mkv", FilmFolder.picture("360x288", seconds: 0.4) + ["-vf", "setsar=16/15"] + FilmFolder.h264)
        let seen = try Self.look(at: try #require(try await Worker.client.thumbnail(file: path)), in: folder)
        #expect(seen.width == 384 && seen.height == 288)
    }

    @Test(.enabled(if: Command.exists("identify"))) func aSoundShowsItsCover() async throws {
        let folder = try FilmFolder()
        try folder.film("cover.jpg", FilmFolder.picture("200x200", seconds: 0.04) + ["-frames:v", "1"])
        let path = try folder.film(
            "a.mp3",
            FilmFolder.tone() + ["-i", folder.path("cover.jpg"), "-map", "0", "-map", "1", "-c:v", "copy"]
                + ["-disposition:v", "attached_pic"])
        let facts = try await Worker.client.probe(file: path)
        #expect(facts.isAudio && facts.mediaType == "audio/mpeg")
        #expect(facts.streams.contains { $0.kind == .picture })
        let jpeg = try #require(try await Worker.client.thumbnail(file: path))
        #expect(try Self.look(at: jpeg, in: folder).width == 200)
    }

    @Test func aCoverThatNoListedDecoderShowsIsNone() async throws {
        let folder = try FilmFolder()
        try folder.film("cover.png", FilmFolder.picture("64x64", seconds: 0.04) + ["-frames:v", "1"])
        let path = try folder.film(
            "a.mp3",
            FilmFolder.tone() + ["-i", folder.path("cover.png"), "-map", "0", "-map", "1", "-c:v", "copy"]
                + ["-disposition:v", "attached_pic"])
        #expect(try await Worker.client.thumbnail(file: path) == nil)
    }
}
