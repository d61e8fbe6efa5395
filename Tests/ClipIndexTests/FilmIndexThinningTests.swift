import ClipIndex
import Testing

@Suite struct FilmIndexThinningTests {
    static let packets = SampleFilm.packets(seconds: 120, gop: 20)
    static let film = SampleFilm.index(of: packets)

    @Test func leavesWhatFits() {
        #expect(Self.film.thinned(toBytes: 1 << 20) == Self.film)
    }

    @Test(arguments: [2000, 1000, 400, 120]) func fits(limit: Int) throws {
        let thinned = Self.film.thinned(toBytes: limit)
        #expect(thinned.encoded().count <= limit)
        #expect(try FilmIndex(decoding: thinned.encoded()) == thinned)
    }

    @Test func keepsOnlyTrueBucketsAndBothEnds() throws {
        let thinned = Self.film.thinned(toBytes: 800)
        for (table, whole) in zip(thinned.streams, Self.film.streams) {
            #expect(table.buckets.allSatisfy(whole.buckets.contains))
            #expect(table.buckets.first == whole.buckets.first && table.buckets.last == whole.buckets.last)
            #expect(zip(table.buckets, table.buckets.dropFirst()).allSatisfy { $0.time < $1.time })
        }
        let keys = thinned.streams[0].buckets.filter(\.isKey).count
        #expect(keys >= thinned.streams[0].buckets.count - 2)
    }

    /// A clip asked of the thinned index holds every packet that it should.
    @Test(arguments: [(3, 9), (0, 120), (61, 62), (118, 120)]) func coversEveryClip(start: Int, end: Int) throws {
        let thinned = Self.film.thinned(toBytes: 600)
        let clip = Int64(start) * 1_000_000..<Int64(end) * 1_000_000
        for (stream, table) in thinned.streams.enumerated() {
            let first = try #require(table.buckets.last { $0.time <= clip.lowerBound && ($0.isKey || stream == 1) })
            let last = try #require(table.buckets.first { $0.time >= clip.upperBound } ?? table.buckets.last)
            for packet in Self.packets where packet.stream == stream && clip.contains(packet.time) {
                #expect(packet.offset >= first.low && packet.end <= last.high)
            }
        }
    }

    /// Three hours with a bucket a second and many streams, into what a torrent may hold.
    @Test(arguments: [2, 8, 30]) func threeHoursFit(streams: Int) throws {
        let film = LongFilm.index(seconds: 10_800, streams: streams)
        let thinned = film.thinned(toBytes: 262_144)
        #expect(thinned.encoded().count <= 262_144)
        #expect(thinned.encoded().count > 262_144 * 3 / 5 || thinned == film)
        #expect(thinned.access == film.access && thinned.origin == film.origin)
    }

    @Test func theFirstPictureStays() throws {
        var film = Self.film
        film.streams[0].buckets = film.streams[0].buckets.enumerated()
            .map { index, bucket in
                Bucket(time: bucket.time, low: bucket.low, high: bucket.high, isKey: index == 3 || index == 90)
            }
        for limit in [900, 400, 200, 60] {
            let keys = film.thinned(toBytes: limit).streams[0].buckets.filter(\.isKey)
            #expect(keys.first == film.streams[0].buckets[3])
        }
    }

    @Test func severalFilmsShare() throws {
        let long = LongFilm.index(seconds: 10_800, streams: 8)
        let films = [3: Self.film, 5: long, 6: long]
        let encoded = FilmIndex.encodedIndexes(films)
        #expect(encoded[3] == Self.film.encoded())
        #expect(encoded.values.reduce(0) { $0 + $1.count } <= 262_144)
        for number in [5, 6] {
            #expect(try FilmIndex(decoding: try #require(encoded[number])).streams.count == 8)
            #expect(encoded[number]?.count ?? 0 > 60_000)
        }
        #expect(FilmIndex.encodedIndexes([0: long], sharing: 20).isEmpty)
    }
}
