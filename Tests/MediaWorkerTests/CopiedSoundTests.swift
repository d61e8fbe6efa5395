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

    /// A sound that begins after the clip's first picture is decoded is heard when it was in the film: AVI tells so once
    /// for each stream.
    @Test(arguments: ["ac3", "mp3", "pcm_s16le"], [0, 4.0]) func soundsInAVIBeginWhenTheyDo(
        codec: String, delay: Double
    ) async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            "a.mkv",
            FilmFolder.picture(seconds: 10) + ["-itsoffset", "\(delay)"]
                + FilmFolder.tone(seconds: 10 - delay)
                + ["-c:v", "mpeg4", "-bf", "2", "-g", "50", "-c:a", codec])
        for (start, end) in [(3.3, 6.0), (5.3, 8.0)] {
            let output = folder.path("\(start).avi")
            let facts = try await Worker.client.cut(file: path, start: start, end: end, to: output)
            let heard = try Self.beginnings(of: output)
            // Pictures of AVI have times of decoding only: the first is shown when the next after those between is read.
            let lead = try #require(heard["video"]) - facts.actualStart
            let expected = max(delay, facts.actualStart) + lead
            #expect(
                abs(try #require(heard["audio"]) - expected) < 0.06, "\(codec) \(delay) \(start) \(heard)")
        }
    }

    /// When the first picture of a film is shown, and its first sound heard.
    private static func beginnings(of path: String) throws -> [Substring: Double] {
        let (_, text) = try Command.run(
            "ffprobe",
            [
                "-v", "error", "-fflags", "+genpts", "-show_entries", "packet=codec_type,pts_time", "-of",
                "csv=p=0", path,
            ])
        let packets = text.split(separator: "\n").map { $0.split(separator: ",") }
        return packets.reduce(into: [:]) { first, packet in
            guard packet.count > 1, let time = Double(packet[1]) else { return }
            first[packet[0]] = min(first[packet[0]] ?? time, time)
        }
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
