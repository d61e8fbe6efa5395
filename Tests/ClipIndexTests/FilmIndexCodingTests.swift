import ClipIndex
import Testing

@Suite struct FilmIndexCodingTests {
    static let film = SampleFilm.index(
        of: SampleFilm.packets(seconds: 20, gop: 32, start: -21_333), headerRanges: [0..<48, 900_000..<950_000])

    @Test func readsWhatItWrote() throws {
        #expect(try FilmIndex(decoding: Self.film.encoded()) == Self.film)
        let empty = FilmIndex(streams: [], headerRanges: [], duration: 0)
        #expect(try FilmIndex(decoding: empty.encoded()) == empty)
    }

    @Test(arguments: FilmAccess.allCases) func keepsAccessAndOrigin(access: FilmAccess) throws {
        for origin in [Int64(0), -21_333, 90_000_000_000, -(1 << 53), 1 << 53] {
            var film = Self.film
            film.access = access
            film.origin = origin
            #expect(try FilmIndex(decoding: film.encoded()) == film)
            #expect(film.encodedSize == film.encoded().count)
        }
    }

    @Test func refusesAnUnknownAccessAndOriginsFarAway() {
        var bytes = Self.film.encoded()
        bytes[5] = 3
        #expect(throws: FilmIndexError.invalidValue) { try FilmIndex(decoding: bytes) }
        var far = Self.film
        far.origin = 1 << 53 + 1
        #expect(throws: FilmIndexError.invalidValue) { try FilmIndex(decoding: far.encoded()) }
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
        bytes[4] = 1
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
        let magic: [UInt8] = [0x52, 0x53, 0x43, 0x49, 2]
        let million: [UInt8] = [0xc0, 0x84, 0x3d]
        #expect(throws: FilmIndexError.wrongLength) { try FilmIndex(decoding: magic + [0, 0, 0, 0, 1, 0] + million) }
        #expect(throws: FilmIndexError.tooLarge) { try FilmIndex(decoding: magic + [0, 0, 0] + million) }
    }

    @Test(
        arguments: [
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x80, 0x00], [0x80, 0x80, 0x00],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        ] as [[UInt8]]) func refusesNumbersThatAreTooLongOrTooLarge(number: [UInt8])
    {
        #expect(throws: FilmIndexError.self) {
            try FilmIndex(decoding: [0x52, 0x53, 0x43, 0x49, 2, 1, 0] + number + [0, 0])
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
