import Foundation
import Media
import Testing

/// Copies of sounds that containers tell about in ways of their own.
@Suite struct CopiedSoundTests {
    /// A part of an MP3 has no beginning of the encoder's that players would leave out.
    @Test(arguments: [0.0, 5]) func partsOfAnMP3BeginAtOnce(start: Double) async throws {
        let folder = try FilmFolder()
        let path = try folder.film("a.mp3", FilmFolder.tone(seconds: 10) + ["-ar", "16000"])
        let output = folder.path("o.mp3")
        _ = try await Worker.client.cut(file: path, start: start, end: 60, to: output)
        let (_, begin) = try Command.run(
            "ffprobe", ["-v", "error", "-show_entries", "format=start_time", "-of", "csv=p=0", output])
        #expect((Double(begin.split(separator: "\n").first ?? "") ?? 1) < 0.08)
        #expect(abs(try Shown.samples(of: output) - (10 - start)) < 0.15)
    }

    @Test(arguments: ["ac3", "mp3"]) func soundsInAVIFollowEachOther(codec: String) async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            "a.avi",
            FilmFolder.picture(seconds: 6) + FilmFolder.tone(seconds: 6) + ["-c:v", "mpeg4", "-c:a", codec])
        let output = folder.path("o.avi")
        _ = try await Worker.client.cut(file: path, start: 0, end: 60, to: output)
        let (_, text) = try Command.run(
            "ffprobe",
            ["-v", "error", "-select_streams", "a", "-show_entries", "packet=pts_time", "-of", "csv=p=0", output])
        let times = text.split(whereSeparator: { $0 == "\n" || $0 == "," }).compactMap { Double($0) }
        #expect(times.count > 100 && Set(times).count == times.count && times.last.map { $0 > 5.8 } == true)
    }

    @Test func soundWithoutLossGoesIntoMP4() async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            "a.mkv", FilmFolder.picture() + FilmFolder.tone() + FilmFolder.h264 + ["-c:a", "flac"])
        let facts = try await Worker.client.cut(file: path, start: 0.5, end: 1.5, to: folder.path("o.mp4"))
        #expect(facts.leftOut.isEmpty)
        #expect(try await Worker.client.probe(file: folder.path("o.mp4")).streams.map(\.codec) == ["h264", "flac"])
    }
}
