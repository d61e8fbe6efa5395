import Metainfo
import TestSupport
import Testing

@testable import TorrentEngine

@Suite struct ContentMapTests {
    private func map(_ parts: [(Int64, Bool)], gap: Int64 = 0) -> ContentMap {
        var files: [TorrentFile] = []
        var end: Int64 = 0
        for (index, part) in parts.enumerated() {
            files.append(TorrentFile(path: ["\(index)"], length: part.0, offset: end, isPadding: part.1))
            end += part.0 + gap
        }
        return ContentMap(files: files, totalLength: end)
    }

    @Test func aRangeIsCutAtFileEnds() {
        let map = map([(10, false), (0, false), (5, false), (20, false)])
        #expect(
            Array(map.spans(in: 8..<20)) == [
                ContentSpan(file: 0, fileOffset: 8, length: 2), ContentSpan(file: 2, fileOffset: 0, length: 5),
                ContentSpan(file: 3, fileOffset: 0, length: 5),
            ])
        #expect(map.file(at: 10) == 2)
        #expect(map.file(at: 35) == nil)
        #expect(!map.hasZeros)
    }

    @Test func paddingAndGapsAreInNoFile() {
        let padded = map([(10, false), (6, true), (4, false)])
        #expect(
            Array(padded.spans(in: 0..<20)) == [
                ContentSpan(file: 0, fileOffset: 0, length: 10), ContentSpan(file: nil, fileOffset: 0, length: 6),
                ContentSpan(file: 2, fileOffset: 0, length: 4),
            ])
        #expect(padded.fileBytes(in: 9..<17) == 2)
        #expect(padded.file(at: 12) == nil)
        let gaps = map([(3, false), (3, false)], gap: 5)
        #expect(gaps.hasZeros)
        #expect(Array(gaps.spans(in: 0..<16)).map(\.file) == [0, nil, 1, nil])
    }

    @Test func whatIsOutsideTheTorrentIsLeftOut() {
        let map = map([(10, false)])
        #expect(Array(map.spans(in: 8..<100)) == [ContentSpan(file: 0, fileOffset: 8, length: 2)])
        #expect(Array(map.spans(in: 10..<100)).isEmpty)
        #expect(Array(map.spans(in: -5..<0)).isEmpty)
        #expect(Array(ContentMap(files: [], totalLength: 0).spans(in: 0..<5)).isEmpty)
    }

    /// Against counting byte by byte.
    @Test func spansAgreeWithEachByteOfRandomLists() {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<300 {
            let parts = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                (Int64.random(in: 0...9, using: &generator), Bool.random(using: &generator))
            }
            let gap = Int64.random(in: 0...2, using: &generator)
            let map = map(parts, gap: gap)
            var owners: [(Int?, Int64)] = []
            for (index, part) in parts.enumerated() {
                owners += (0..<part.0).map { part.1 ? (nil, 0) : (index, $0) }
                owners += (0..<gap).map { _ in (nil, 0) }
            }
            let start = Int64.random(in: 0...Int64(owners.count), using: &generator)
            let end = Int64.random(in: start...Int64(owners.count), using: &generator)
            var found: [(Int?, Int64)] = []
            for span in map.spans(in: start..<end) {
                found += (0..<span.length).map { span.file == nil ? (nil, 0) : (span.file, span.fileOffset + $0) }
            }
            #expect(found.elementsEqual(owners[Int(start)..<Int(end)]) { $0 == $1 })
            #expect(map.fileBytes(in: start..<end) == Int64(found.count { $0.0 != nil }))
        }
    }
}
