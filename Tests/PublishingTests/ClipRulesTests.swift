import Catalog
import Foundation
import Media
import Testing

@testable import Publishing

@Suite struct ClipRulesTests {
    /// L08: each of them says how long the film is.
    static let wrongTimes: [ClipTimes] = [
        (5, 5), (6, 5), (25, 30), (20, 21), (1, 21.1), (.nan, 3), (1, .nan), (-1, 3), (1, 1e308), (1e308, 1.1e308),
        (1, 1.0001), (.infinity, .infinity), (0, .infinity), (-.infinity, 1), (0, 0),
    ].map { ClipTimes(start: $0.0, end: $0.1) }

    @Test(arguments: wrongTimes) func wrongTimesSayHowLongTheFilmIs(times: ClipTimes) {
        let error = #expect(throws: PublishingError.self) { try ClipRules.interval(times, of: 20) }
        #expect(error?.kind == .badRange && error?.status == 400)
        #expect(error?.message.contains("The film is 0:20 long.") == true)
    }

    @Test func whatIsTooShortIsSaid() {
        let error = #expect(throws: PublishingError.self) {
            try ClipRules.interval(ClipTimes(start: 0, end: 0.0001), of: 20)
        }
        #expect(error?.message.contains("at least a thousandth of a second") == true)
    }

    @Test(arguments: [(0.0, 20.0), (0, 21), (19.99, 20.5), (5, 5.001), (0, 0.001)])
    func timesOfTheFilm(start: Double, end: Double) throws {
        let interval = try ClipRules.interval(ClipTimes(start: start, end: end), of: 20)
        #expect(interval.start == Int64((start * 1e6).rounded()))
    }

    @Test func withoutADurationTheWorkerKnows() throws {
        _ = try ClipRules.interval(ClipTimes(start: 5, end: 1e6), of: nil)
        #expect(throws: PublishingError.self) { try ClipRules.interval(ClipTimes(start: 5, end: 4), of: nil) }
    }

    // MARK: - Formats

    private func media(_ container: Container, _ streams: [(StreamFacts.Kind, String)]) throws -> MediaSummary {
        let report = ReportedFacts(
            container: container, duration: 1_000_000, bitRate: nil, title: nil, artist: nil,
            streams: streams.map { StreamFacts(kind: $0.0, codec: $0.1, isDecodable: $0.1 != "none") })
        let facts = try MediaFacts(report)
        return MediaSummary(
            id: MediaID(rawValue: 1), size: 1, mediaType: facts.mediaType, fileName: "a", duration: 1, width: nil,
            height: nil, container: facts.container, facts: [UInt8](try JSONEncoder().encode(facts)), etag: "aa")
    }

    private func endings(
        _ container: Container, _ streams: [(StreamFacts.Kind, String)], _ mode: ClipMode
    ) throws -> [String] {
        try #require(ClipFormats(try media(container, streams))).list(mode).map(\.ending)
    }

    @Test func theBestFormatComesFirst() throws {
        let common: [(StreamFacts.Kind, String)] = [(.video, "h264"), (.audio, "aac")]
        #expect(try endings(.matroska, common, .fast) == ["mp4", "mkv", "mov", "ts"])
        #expect(try endings(.matroska, common, .audio) == ["m4a", "aac", "mka"])
        #expect(try endings(.matroska, common, .exact) == ["mp4", "webm", "mkv", "mov", "ts"])
        #expect(try endings(.webm, [(.video, "vp8"), (.audio, "vorbis")], .fast) == ["webm", "mkv"])
        #expect(try endings(.avi, [(.video, "msmpeg4v3"), (.audio, "mp3")], .fast).first == "avi")
        #expect(try endings(.mp3, [(.audio, "mp3"), (.picture, "mjpeg")], .fast).first == "mp3")
        #expect(try endings(.ogg, [(.audio, "opus")], .fast).first == "opus")
        #expect(try endings(.mp3, [(.audio, "mp3")], .exact) == ["m4a", "mp3", "opus", "flac", "wav"])
        #expect(try endings(.avi, [(.video, "none"), (.audio, "mp3")], .exact).isEmpty)
        #expect(try endings(.mp4, [(.video, "h264")], .audio).isEmpty)
    }

    /// More is taken than is offered: whatever the worker makes of such streams.
    @Test(arguments: [
        (ClipMode.exact, "ts flv m4v qt m4a m4b mp3 ogg oga opus flac wav aac mka", "avi mpg wmv asf ogv wma"),
        (.fast, "flv avi wmv asf m4v qt m4a m4b aac mka wma", "mpg mpeg ogv webm mp3 flac wav ogg"),
        (.audio, "m4a aac mka", "mp4 ts mkv flv mp3 wav"),
    ]) func whatFits(mode: ClipMode, taken: String, refused: String) throws {
        let formats = try #require(ClipFormats(try media(.mp4, [(.video, "h264"), (.audio, "aac")])))
        for (endings, isTaken) in [(taken, true), (refused, false)] {
            for ending in endings.split(separator: " ") {
                let format = try #require(ClipFormat(ending: String(ending)))
                #expect(formats.fit(format, mode) == isTaken, "\(ending)")
                #expect(isTaken || !formats.alternatives(to: format, mode).contains(format))
            }
        }
        for format in formats.list(mode) { #expect(formats.fit(format, mode)) }
        for format in formats.encodedSounds { #expect(formats.fit(format, .exact)) }
    }

    @Test func whatIsMissingFitsNowhere() throws {
        let silent = try #require(ClipFormats(try media(.mp4, [(.video, "h264")])))
        let (mp4, mp3) = (try #require(ClipFormat(ending: "mp4")), try #require(ClipFormat(ending: "mp3")))
        #expect(silent.fit(mp4, .exact) && !silent.fit(mp3, .exact) && silent.encodedSounds.isEmpty)
        #expect(ClipRules.cannotClip(silent.alternatives(to: mp3, .exact), soundOnly: true).contains("no sound"))
        let odd = try #require(ClipFormats(try media(.avi, [(.video, "none"), (.audio, "mp3")])))
        #expect(!odd.fit(mp4, .exact) && odd.fit(mp3, .exact) && odd.fit(mp3, .audio))
        let sound = try #require(ClipFormats(try media(.mp3, [(.audio, "mp3")])))
        #expect(sound.fit(mp4, .fast) && sound.fit(mp4, .exact) && !sound.fit(mp4, .audio))
    }

    @Test func factsThatCannotBeReadGiveNone() {
        let media = MediaSummary(
            id: MediaID(rawValue: 1), size: 1, mediaType: "video/mp4", fileName: "a", duration: 1, width: nil,
            height: nil, container: "mp4", facts: [1, 2], etag: "aa")
        #expect(ClipFormats(media) == nil)
    }

    @Test(arguments: ["mp4", "webm", "mkv", "mov", "ts", "m4a", "mp3", "ogg", "opus", "flac", "wav"])
    func endingsAreFormats(ending: String) throws {
        let format = try #require(ClipFormat(ending: ending))
        #expect(format.ending == ending && format.soundOnly == format.mediaType.hasPrefix("audio/"))
    }

    @Test(arguments: ["", "MP4", "exe", "html", "mp4 ", "../mp4", "torrent"])
    func otherEndingsAreNone(ending: String) { #expect(ClipFormat(ending: ending) == nil) }
}
