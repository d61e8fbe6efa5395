import ClipIndex
import TestSupport
import Testing

@Suite struct FilmIndexBuilderTests {
    /// What the definition says of `time`, computed from all packets.
    static func exact(_ packets: [FilmPacket], stream: Int, time: Int64) -> (low: UInt64, high: UInt64) {
        let own = packets.filter { $0.stream == stream }
        let high = own.filter { $0.time < time }.map(\.end).max() ?? 0
        return (own.filter { $0.time >= time }.map(\.offset).min() ?? high, high)
    }

    @Test(arguments: [(10, 25), (10, 250), (3, 9), (4, 1)]) func everyBucketIsExact(seconds: Int, gop: Int) {
        let packets = SampleFilm.packets(seconds: seconds, gop: gop)
        let index = SampleFilm.index(of: packets)
        #expect(index.streams.map(\.kind) == [.video, .audio])
        for (stream, table) in index.streams.enumerated() {
            for bucket in table.buckets {
                let expected = Self.exact(packets, stream: stream, time: bucket.time)
                #expect(bucket.low == expected.low && bucket.high == expected.high, "\(stream) at \(bucket.time)")
            }
        }
    }

    @Test func hasABucketForEveryKeyFrameAndEverySecond() {
        let packets = SampleFilm.packets(seconds: 8, gop: 36)
        let index = SampleFilm.index(of: packets)
        let keys = packets.filter { $0.stream == 0 && $0.isKey }.map(\.time)
        #expect(index.streams[0].buckets.filter(\.isKey).map(\.time) == keys)
        for table in index.streams {
            for second in 0..<8 {
                #expect(table.buckets.contains { $0.time / 1_000_000 == second && $0.time >= 0 })
            }
            #expect(!table.buckets.contains { $0.isKey } || table.kind == .video)
        }
    }

    @Test func endsWithABucketAfterAllPackets() throws {
        let packets = SampleFilm.packets(seconds: 3, gop: 25)
        let index = SampleFilm.index(of: packets)
        let last = try #require(index.streams[0].buckets.last)
        let end = packets.filter { $0.stream == 0 }.map(\.end).max()
        #expect(last.low == end && last.high == end)
        #expect(last.time == packets.filter { $0.stream == 0 }.map { $0.time + $0.duration }.max())
        #expect(index.duration == packets.map { $0.time + $0.duration }.max())
    }

    /// In any order of packets a bucket never leaves out a byte it should cover.
    @Test(arguments: 1...20) func anyOrderIsSafe(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let packets = SampleFilm.packets(seconds: 5, gop: 12, seed: UInt64(seed))
        let index = SampleFilm.index(of: packets.shuffled(using: &random))
        for (stream, table) in index.streams.enumerated() {
            #expect(zip(table.buckets, table.buckets.dropFirst()).allSatisfy { $0.time < $1.time })
            for bucket in table.buckets {
                let expected = Self.exact(packets, stream: stream, time: bucket.time)
                #expect(bucket.low <= expected.low && bucket.high >= expected.high)
            }
        }
    }

    @Test func aLateStartIsTimeZeroAndPrimingStaysBeforeIt() {
        let late = SampleFilm.index(of: SampleFilm.packets(seconds: 2, gop: 25, start: 90_000_000_000))
        #expect(late.streams[0].buckets.first?.time == 0)
        #expect(late.duration == SampleFilm.index(of: SampleFilm.packets(seconds: 2, gop: 25)).duration)
        let primed = SampleFilm.index(of: SampleFilm.packets(seconds: 2, gop: 25, start: -21_333))
        #expect(primed.streams[1].buckets.first?.time == -1_000_000)
        #expect(primed.streams[0].buckets.first { $0.isKey }?.time == -21_333)
    }

    @Test func leavesOutWhatMakesNoSense() {
        var builder = FilmIndexBuilder(kinds: [.video])
        for (stream, time, offset, end) in [
            (1, Int64(0), UInt64(0), UInt64(9)), (-1, 0, 0, 9), (0, .max, 0, 9), (0, .min, 0, 9), (0, 0, 9, 9),
            (0, 0, 9, 1),
        ] {
            builder.add(FilmPacket(stream: stream, time: time, duration: .max, offset: offset, end: end, isKey: true))
        }
        #expect(builder.build().streams == [StreamIndex(kind: .video, buckets: [])])
        builder.add(FilmPacket(stream: 0, time: 5, duration: .max, offset: 0, end: .max, isKey: true))
        #expect(builder.build().streams[0].buckets.map(\.isKey) == [false, true, false])
    }

    /// L05: an hour of 240 key frames a second, and times all over the place, stay within the ceiling.
    @Test func memoryHasACeiling() {
        var builder = FilmIndexBuilder(kinds: [.video])
        for picture in 0..<200_000 {
            let offset = UInt64(picture) * 10
            builder.add(
                FilmPacket(
                    stream: 0, time: Int64(picture) * 4166, duration: 4166, offset: offset, end: offset + 10,
                    isKey: true))
        }
        let buckets = builder.build().streams[0].buckets
        #expect(buckets.count <= FilmIndexBuilder.bucketCeiling + 1)
        #expect(buckets.filter(\.isKey).count > 1000)
        for bucket in buckets.dropLast() where bucket.isKey {
            #expect(bucket.low == UInt64(bucket.time) / 4166 * 10)
            #expect(bucket.high == bucket.low)
        }
        var random = SplitMix64(seed: 7)
        var wild = FilmIndexBuilder(kinds: [.audio])
        for _ in 0..<50_000 {
            let time = Int64.random(in: -(1 << 52)...(1 << 52), using: &random)
            wild.add(FilmPacket(stream: 0, time: time, duration: 0, offset: 1, end: 2, isKey: true))
        }
        let index = wild.build()
        #expect(index.streams[0].buckets.count <= FilmIndexBuilder.bucketCeiling + 1)
        #expect((try? FilmIndex(decoding: index.encoded())) == index)
    }

    @Test func joinsHeaderRanges() {
        let index = SampleFilm.index(of: [], headerRanges: [40..<60, 0..<10, 5..<20, 20..<30, 70..<70])
        #expect(index.headerRanges == [0..<30, 40..<60])
    }
}
