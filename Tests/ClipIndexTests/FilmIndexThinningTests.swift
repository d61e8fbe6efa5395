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
}
