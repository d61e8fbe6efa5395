import ClipIndex
import TestSupport
import Testing

@Suite struct FilmIndexCodingTests {
    static let film = SampleFilm.index(
        of: SampleFilm.packets(seconds: 20, gop: 32, start: -21_333), headerRanges: [0..<48, 900_000..<950_000])

    @Test func readsWhatItWrote() throws {
        #expect(try FilmIndex(decoding: Self.film.encoded()) == Self.film)
        let empty = FilmIndex(streams: [], headerRanges: [], duration: 0)
        #expect(try FilmIndex(decoding: empty.encoded()) == empty)
    }

    @Test func isCompact() {
        let buckets = Self.film.streams.map(\.buckets.count).reduce(0, +)
        #expect(Self.film.encoded().count < 12 * buckets + 40)
    }

    @Test func refusesEveryCutAndAnyByteMore() {
        let bytes = Self.film.encoded()
        for length in 0..<bytes.count {
            #expect(throws: FilmIndexError.self) { try FilmIndex(decoding: Array(bytes.prefix(length))) }
        }
        #expect(throws: FilmIndexError.wrongLength) { try FilmIndex(decoding: bytes + [0]) }
    }

    @Test func refusesOtherVersionsAndThings() {
        var bytes = Self.film.encoded()
        bytes[4] = 2
        #expect(throws: FilmIndexError.notAnIndex) { try FilmIndex(decoding: bytes) }
        #expect(throws: FilmIndexError.notAnIndex) { try FilmIndex(decoding: Array("d8:announce".utf8)) }
    }

    @Test func holdsItsLimits() {
        let bytes = Self.film.encoded()
        var limits = FilmIndexLimits.standard
        limits.bytes = bytes.count - 1
        #expect(throws: FilmIndexError.tooLarge) { try FilmIndex(decoding: bytes, limits: limits) }
        limits = .standard
        limits.buckets = 20
        #expect(throws: FilmIndexError.tooLarge) { try FilmIndex(decoding: bytes, limits: limits) }
        limits = .standard
        limits.streams = 1
        #expect(throws: FilmIndexError.tooLarge) { try FilmIndex(decoding: bytes, limits: limits) }
        limits = .standard
        limits.headerRanges = 1
        #expect(throws: FilmIndexError.tooLarge) { try FilmIndex(decoding: bytes, limits: limits) }
    }

    /// A count is believed only as far as bytes follow it: no allocation by an outside number.
    @Test func countsAreNotBelieved() {
        let magic: [UInt8] = [0x52, 0x53, 0x43, 0x49, 1]
        let million: [UInt8] = [0xc0, 0x84, 0x3d]
        #expect(throws: FilmIndexError.wrongLength) { try FilmIndex(decoding: magic + [0, 0, 1, 0] + million) }
        #expect(throws: FilmIndexError.tooLarge) { try FilmIndex(decoding: magic + [0, 0] + million) }
    }

    @Test(
        arguments: [
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x80, 0x00], [0x80, 0x80, 0x00],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        ] as [[UInt8]]) func refusesNumbersThatAreTooLongOrTooLarge(number: [UInt8])
    {
        #expect(throws: FilmIndexError.self) {
            try FilmIndex(decoding: [0x52, 0x53, 0x43, 0x49, 1] + number + [0, 0])
        }
    }

    /// Whatever bytes come: no trap; and what is accepted is in order and writes the same bytes again.
    @Test(arguments: 0..<40) func anyBytesAreSafe(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let original = Self.film.encoded()
        for _ in 0..<100 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 5..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let index = try? FilmIndex(decoding: bytes) else { continue }
            #expect(index.encoded() == bytes)
            for table in index.streams {
                let pairs = zip(table.buckets, table.buckets.dropFirst())
                #expect(pairs.allSatisfy { $0.time < $1.time && $0.low <= $1.low && $0.high <= $1.high })
            }
            _ = index.thinned(toBytes: 100)
        }
    }

    @Test func varintsGoBothWays() throws {
        let values: [Int64] = [0, 1, -1, 63, 64, -64, -65, 1 << 40, .max, .min]
        var writer = VarintWriter()
        for value in values {
            writer.write(signed: value)
            writer.write(UInt64(bitPattern: value))
        }
        var reader = VarintReader(writer.bytes)
        for value in values {
            #expect(try reader.readSigned() == value)
            #expect(try reader.read() == UInt64(bitPattern: value))
        }
        #expect(reader.remaining == 0)
    }
}
