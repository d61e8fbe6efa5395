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

    @Test func manyHeaderRangesBecomeAsManyAsReadersTake() throws {
        let close = stride(from: 0 as UInt64, to: 3_000_000, by: 10_000)
        let far = stride(from: 10_000_000 as UInt64, to: 50_000_000, by: 1_000_000)
        let ranges: [Range<UInt64>] = (Array(close) + Array(far)).map { start in start..<start + 8 }
        let made = FilmIndexBuilder(kinds: []).build(headerRanges: ranges.shuffled()).headerRanges
        #expect(made.count <= FilmIndexLimits.standard.headerRanges)
        #expect(
            ranges.allSatisfy { range in
                made.contains { $0.contains(range.lowerBound) && $0.upperBound >= range.upperBound }
            })
        // Those far apart stay so.
        #expect(made.suffix(40).elementsEqual(ranges.suffix(40)))
        let index = FilmIndexBuilder(kinds: []).build(headerRanges: ranges)
        #expect(try FilmIndex(decoding: index.encoded()) == index)
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
        #expect(primed.origin == 0 && late.origin == 90_000_000_000)
        #expect(primed.streams[1].buckets.first?.time == -21_333)
        #expect(primed.streams[0].buckets.first { $0.isKey }?.time == -21_333)
    }

    @Test func timeZeroCanBeGiven() throws {
        var builder = FilmIndexBuilder(kinds: [.audio])
        builder.add(FilmPacket(stream: 0, time: 1_400_000, duration: 20_000, offset: 9, end: 90, isKey: true))
        let index = builder.build(access: .stream, origin: 1_380_000)
        #expect(index.origin == 1_380_000 && index.streams[0].buckets[0].time == 20_000 && index.duration == 40_000)
        for origin in [Int64.min, .max, -1 << 52, 1 << 52, (1 << 52) - 1] {
            let far = builder.build(access: .stream, origin: origin)
            #expect(try FilmIndex(decoding: far.encoded()) == far)
        }
    }

    @Test func leavesOutWhatMakesNoSense() {
        var builder = FilmIndexBuilder(kinds: [.video])
        for (stream, time, offset, end) in [
            (1, Int64(0), UInt64(0), UInt64(9)), (-1, 0, 0, 9), (0, .max, 0, 9), (0, .min, 0, 9), (0, 0, 9, 9),
            (0, 0, 9, 1),
        ] {
            builder.add(FilmPacket(stream: stream, time: time, duration: .max, offset: offset, end: end, isKey: true))
        }
        #expect(builder.build(access: .tables).streams == [StreamIndex(kind: .video, buckets: [])])
        builder.add(FilmPacket(stream: 0, time: 5, duration: .max, offset: 0, end: .max, isKey: true))
        #expect(builder.build(access: .tables).streams[0].buckets.map(\.isKey) == [true, false])
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
        let buckets = builder.build(access: .tables).streams[0].buckets
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
        let index = wild.build(access: .tables)
        #expect(index.streams[0].buckets.count <= FilmIndexBuilder.bucketCeiling + 1)
        #expect((try? FilmIndex(decoding: index.encoded())) == index)
    }

    /// Where packets carry no times, the first one at `low` is at the bucket's time.
    @Test(arguments: [26_122, 21_333, 1_000_000, 1_000_001]) func lowIsWhereThePacketOfTheBucketsTimeIs(step: Int64) {
        let packets = (0..<5000)
            .map { number in
                FilmPacket(
                    stream: 0, time: Int64(number) * step, duration: step, offset: UInt64(number) * 417 + 45,
                    end: UInt64(number) * 417 + 462, isKey: true)
            }
        let index = SampleFilm.index(of: packets, kinds: [.audio], access: .counted)
        #expect(index.access == .counted)
        for bucket in index.thinned(toBytes: 900).streams[0].buckets.dropLast() {
            #expect((bucket.low - 45) % 417 == 0 && Int64((bucket.low - 45) / 417) * step == bucket.time)
        }
    }

    /// The same when there are so many seconds that neighbours had to be joined: sixteen hours.
    @Test func lowStaysExactWhenSlotsAreJoined() {
        let packets = (0..<60_000)
            .map { number in
                FilmPacket(
                    stream: 0, time: Int64(number) * 960_000, duration: 960_000, offset: UInt64(number) * 100,
                    end: UInt64(number) * 100 + 100, isKey: true)
            }
        let buckets = SampleFilm.index(of: packets, kinds: [.audio]).streams[0].buckets
        #expect((1000...FilmIndexBuilder.bucketCeiling + 1).contains(buckets.count))
        for bucket in buckets.dropLast() {
            #expect(Int64(bucket.low / 100) * 960_000 == bucket.time && bucket.high == bucket.low)
        }
    }

    /// A caption is found by every clip that begins while it is shown; where captions are read in passing, none reads
    /// back to one that is gone.
    @Test func captionsLast() throws {
        func caption(_ second: Int64, lasting: Int64, _ offset: UInt64) -> FilmPacket {
            FilmPacket(
                stream: 0, time: second * 1_000_000, duration: lasting * 1_000_000, offset: offset, end: offset + 40,
                isKey: true)
        }
        let captions = [
            caption(0, lasting: 2, 100), caption(50, lasting: 15, 1000), caption(55, lasting: 2, 2000),
            caption(80, lasting: 0, 3000), caption(200, lasting: 4, 4000), caption(300, lasting: 500, 5000),
            caption(1000, lasting: 1, 6000),
        ]
        let passing = SampleFilm.index(of: captions, kinds: [.subtitle], access: .stream).streams[0].buckets
        #expect(passing.map { $0.time / 1_000_000 } == [0, 2, 50, 55, 65, 80, 90, 200, 204, 300, 360, 1000, 1001])
        #expect(
            passing.map(\.low) == [
                100, 1000, 1000, 1000, 3000, 3000, 4000, 4000, 5000, 5000, 6000, 6000, 6040,
            ])
        let last = captions.dropLast(3)
        #expect(SampleFilm.index(of: Array(last), kinds: [.subtitle], access: .stream).duration == 80_001_000)
        let tables = SampleFilm.index(of: captions, kinds: [.subtitle]).streams[0].buckets
        #expect(tables.map { $0.time / 1_000_000 } == [0, 50, 55, 80, 200, 300, 1000, 1001])
        #expect(tables.map(\.low) == [100, 1000, 1000, 3000, 4000, 5000, 6000, 6040])
    }

    /// Captions that claim to last for ever cost no more than others.
    @Test func endlessCaptionsAreSafe() {
        var builder = FilmIndexBuilder(kinds: [.subtitle])
        for number in 0..<40_000 {
            let offset = UInt64(number)
            builder.add(
                FilmPacket(
                    stream: 0, time: Int64(number) * 1_000_000, duration: .max - Int64(number), offset: offset,
                    end: offset + 1, isKey: true))
        }
        let index = builder.build(access: .stream)
        #expect(index.streams[0].buckets.count <= FilmIndexBuilder.bucketCeiling + 1)
        #expect((try? FilmIndex(decoding: index.encoded())) == index)
    }

    @Test func joinsHeaderRanges() {
        let index = SampleFilm.index(of: [], headerRanges: [40..<60, 0..<10, 5..<20, 20..<30, 70..<70])
        #expect(index.headerRanges == [0..<30, 40..<60])
    }
}
