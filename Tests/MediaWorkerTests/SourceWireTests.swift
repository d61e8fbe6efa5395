import Foundation
import TestSupport
import Testing

@testable import ClipIndex
@testable import Media

/// What travels between a worker and its asking side, read as if a stranger had sent it.
@Suite struct SourceWireTests {
    @Test func anAskIsReadAsItWasSent() throws {
        for (offset, count) in [(UInt64(0), 1), (999, 1), (0, 1000), (123, 456)] {
            let ask = try #require(SourceAsk(offset: offset, count: count, of: 1000))
            #expect(SourceAsk(decoding: ask.encoded, of: 1000) == ask)
        }
        #expect(SourceAsk(offset: 1 << 60, count: 65_536, of: 1 << 61)?.encoded.count == SourceAsk.length)
    }

    @Test(arguments: [(1000, 1), (0, 0), (0, 1001), (999, 2), (UInt64.max, 1), (0, 65_537), (0, -1)])
    func anAskOutsideTheFilmIsNone(offset: UInt64, count: Int) {
        #expect(SourceAsk(offset: offset, count: count, of: 1000) == nil)
    }

    @Test func anAnswerHasNoMoreThanWasAsked() throws {
        let ask = try #require(SourceAsk(offset: 0, count: 300, of: 1000))
        #expect(ask.answeredCount(Array(SourceAsk.answer([1, 2, 3]).prefix(5))) == 3)
        #expect(ask.answeredCount([0, 0, 0, 1, 44]) == 300)
        for header: [UInt8] in [
            [], [0], [0, 0, 0, 0], [1, 0, 0, 0, 1], [0, 0, 0, 0, 0], [0, 0, 0, 1, 45], [0, 255, 255, 255, 255],
            [0, 0, 0, 0, 1, 0],
        ] {
            #expect(ask.answeredCount(header) == nil, "\(header)")
        }
    }

    @Test func anyBytesAreReadOrRefused() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<20_000 {
            let bytes = (0..<12).map { _ in
                UInt8.random(in: 0...255, using: &random) & (Bool.random(using: &random) ? 0 : 255)
            }
            if let ask = SourceAsk(decoding: bytes, of: 1 << 40) {
                #expect(ask.offset + UInt64(ask.count) <= 1 << 40 && ask.encoded == bytes)
            }
        }
    }

    static let answers: [WorkerAnswer] = [
        .progress(permille: 0), .progress(permille: 1000), .beginning(CutBeginning(start: -5, format: CutFormat(.mp4))),
        .result([1, 2, 3]), .nothing, .failure(MediaError(.broken, detail: "x")),
    ]

    @Test(arguments: 1...40) func wordsArePutTogetherFromPieces(length: Int) throws {
        for last in Self.answers.suffix(3) {
            let notices = Array(Self.answers.prefix(3))
            let bytes = (notices + [last]).flatMap { $0.encoded() }
            var reader = AnswerReader(limit: 100)
            var heard: [WorkerAnswer] = []
            for start in stride(from: 0, to: bytes.count, by: length) {
                heard += try reader.take(bytes[start..<min(start + length, bytes.count)])
            }
            #expect(heard == notices)
            #expect(try reader.finished() == last)
            #expect(throws: MediaError.self) { try reader.take([0]) }
        }
    }

    @Test func endlessNoticesAreRefused() throws {
        var reader = AnswerReader(limit: 100)
        let notice = WorkerAnswer.progress(permille: 1).encoded()
        #expect(throws: MediaError.self) {
            for _ in 0..<100_000 { _ = try reader.take(notice) }
        }
    }

    @Test func anyWordsAreReadOrRefused() {
        var damage = Mutation(seed: 9)
        let whole = Self.answers.flatMap { $0.encoded() }
        for _ in 0..<5000 {
            var reader = AnswerReader(limit: 100)
            _ = try? reader.take(damage.damaged(whole))
            _ = try? reader.finished()
        }
    }

    static let guides: [CutGuide?] = [
        nil, CutGuide(origin: 0), CutGuide(origin: -7000, begin: 5),
        CutGuide(origin: 5, splice: CutGuide.Splice(offset: 10, place: 20, time: nil)),
        CutGuide(origin: 5, splice: CutGuide.Splice(offset: 0, place: 1 << 40, time: -3)),
        CutGuide(origin: 0, begin: -1, ranges: [0..<100, 200..<300, 1000..<1 << 50]),
    ]

    @Test(arguments: guides) func anOrderIsReadAsItWasSent(guide: CutGuide?) throws {
        for mode in CutMode.allCases {
            for output in CutOutput.allCases {
                let order = try #require(
                    CutOrder(
                        start: 1.5, end: 3, format: CutFormat(.mp4, soundOnly: true), byteLimit: 99, mode: mode,
                        output: output, guide: guide))
                let argument = try #require(WorkerJob.cut(order).arguments.first)
                #expect(WorkerJob(argument: argument) == .cut(order))
            }
        }
    }

    @Test func anyOrderIsReadOrRefused() throws {
        var damage = Mutation(seed: 3)
        let orders = Self.guides.compactMap {
            CutOrder(start: 1.5, end: 3, format: nil, byteLimit: 99, guide: $0)?.argument
        }
        for _ in 0..<2000 {
            for order in orders {
                let text = String(decoding: damage.damaged(Array(order.utf8)), as: UTF8.self)
                guard let read = CutOrder(argument: Substring(text)) else { continue }
                #expect(read.start >= 0 && read.end > read.start)
                if let splice = read.guide?.splice { #expect(splice.offset <= splice.place) }
            }
        }
    }

    @Test func aSpliceGivesNothingTwiceAndNothingElse() async throws {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        let interval = try #require(ClipInterval(start: 0, end: 1))
        let plan = ClipPlan(
            interval: interval, actualStart: 0, headerRanges: [0..<100, 150..<400, 900..<1000],
            mediaRanges: [300..<500, 600..<700], mediaStart: 0)
        let film = WatchedSource(bytes, allowing: [0..<100, 150..<700])
        let splice = SplicedSource(plan, .stream, over: film)
        #expect(splice.size == 100 + 150 + 400)
        var read: [UInt8] = []
        while read.count < splice.size { read += try await splice.bytes(at: UInt64(read.count), upTo: 64) }
        #expect(read == Array(bytes[0..<100] + bytes[150..<300] + bytes[300..<700]))
        await #expect(throws: MediaError.self) { try await splice.bytes(at: splice.size, upTo: 1) }
        let index = FilmIndex(streams: [], headerRanges: [], duration: 5, origin: 7, access: .stream)
        #expect(CutGuide(index, plan).splice == CutGuide.Splice(offset: 250, place: 300, time: nil))
        #expect(SplicedSource(plan, .tables, over: film).size == 1000)
    }
}
