import ClipIndex
import TestSupport
import Testing

@Suite struct ClipPlanTests {
    /// The packets that a clip cannot do without, by looking at every packet.
    ///
    /// Of pictures those from the last key frame at or before the clip's beginning on that are shown before its end,
    /// and all that lies between them in the file, since they may refer to it; of sound and captions
    /// those that are heard or shown in it.
    static func needed(_ film: RandomFilm, _ index: FilmIndex, _ clip: ClipInterval) -> [FilmPacket] {
        let start = clip.start + index.origin
        let end = clip.end + index.origin
        return film.kinds.enumerated()
            .flatMap { stream, kind -> [FilmPacket] in
                let own = film.packets.filter { $0.stream == stream }
                switch kind {
                case .video:
                    let keys = own.filter(\.isKey).map(\.time)
                    guard let key = keys.filter({ $0 <= start }).max() ?? keys.min(), key < end else { return [] }
                    let shown = own.filter { $0.time >= key && $0.time < end }
                    let low = shown.map(\.offset).min() ?? 0
                    let high = shown.map(\.end).max() ?? 0
                    return own.filter { $0.offset >= low && $0.end <= high }
                case .audio:
                    return own.filter { $0.time < end && $0.time + $0.duration > start }
                case .subtitle:
                    return own.filter { packet in
                        let lasts = packet.duration == 0 ? FilmIndexBuilder.unknownCaption : packet.duration
                        return packet.time < end && packet.time + lasts > start
                    }
                case .other: return []
                }
            }
    }

    static func isInside(_ packet: FilmPacket, _ ranges: [Range<UInt64>]) -> Bool {
        ranges.contains { $0.lowerBound <= packet.offset && packet.end <= $0.upperBound }
    }

    static func isOrdered(_ ranges: [Range<UInt64>]) -> Bool {
        ranges.allSatisfy { !$0.isEmpty }
            && zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
    }

    static func clip(in duration: Int64, _ random: inout SplitMix64) -> ClipInterval? {
        let start = Int64.random(in: 0..<max(1, duration), using: &random)
        return ClipInterval(microseconds: start..<start + Int64.random(in: 1000...12_000_000, using: &random))
    }

    /// Every packet that a clip needs lies in its ranges; these rise, are apart and in the file; and the same is true
    /// of a thinned index, whose ranges hold those of the whole one.
    @Test(arguments: 0..<100) func holdsWhatAClipNeeds(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed) + 1000)
        let film = RandomFilm(seed: UInt64(seed))
        let index = SampleFilm.index(
            of: film.packets, headerRanges: film.headerRanges, kinds: film.kinds, access: film.access)
        let thinned = index.thinned(toBytes: Int.random(in: 60...index.encodedSize, using: &random))
        #expect(index.fits(fileLength: film.fileLength) && !index.fits(fileLength: film.fileLength - 1))
        for _ in 0..<12 {
            let clip = try #require(Self.clip(in: index.duration, &random))
            guard let plan = try? index.plan(clip) else {
                #expect(Self.needed(film, index, clip).isEmpty)
                continue
            }
            let coarse = try thinned.plan(clip)
            for packet in Self.needed(film, index, clip) {
                #expect(Self.isInside(packet, plan.mediaRanges), "\(packet) of \(clip)")
                #expect(Self.isInside(packet, coarse.mediaRanges), "thinned: \(packet) of \(clip)")
            }
            for plan in [plan, coarse] {
                #expect(Self.isOrdered(plan.mediaRanges) && Self.isOrdered(plan.ranges))
                #expect(plan.ranges.last?.upperBound ?? 0 <= film.fileLength)
                #expect(film.access == .tables || plan.mediaRanges.count == 1)
                #expect(plan.interval.end <= index.duration && plan.headerRanges == film.headerRanges)
            }
            for range in plan.mediaRanges {
                #expect(
                    coarse.mediaRanges.contains {
                        $0.lowerBound <= range.lowerBound && $0.upperBound >= range.upperBound
                    })
            }
            #expect(coarse.actualStart <= plan.actualStart)
        }
    }

    @Test func beginsAtTheKeyFrameBefore() throws {
        let packets = SampleFilm.packets(seconds: 20, gop: 52)
        let index = SampleFilm.index(of: packets)
        let keys = packets.filter { $0.stream == 0 && $0.isKey }
        for (start, key) in [(0.0, 0), (2.0, 0), (2.079, 0), (2.08, 1), (10.3, 4), (10.4, 5), (19.9, 9)] {
            let plan = try index.plan(try #require(ClipInterval(start: start, end: start + 0.1)))
            #expect(plan.actualStart == keys[key].time, "\(start)")
            #expect(plan.mediaRanges.contains { $0.lowerBound <= keys[key].offset && $0.upperBound >= keys[key].end })
        }
    }

    /// Little is read that is not needed: less than the second of slack at the end and a key frame's distance before.
    @Test func readsLittleElse() throws {
        let packets = SampleFilm.packets(seconds: 120, gop: 48)
        let index = SampleFilm.index(of: packets)
        let plan = try index.plan(try #require(ClipInterval(start: 62, end: 100)))
        let own = packets.filter { (plan.actualStart..<100_000_000).contains($0.time) }
        let bytes = own.reduce(0) { $0 + $1.end - $1.offset }
        #expect(plan.byteCount < bytes * 103 / 100 + 48 && plan.byteCount >= bytes)
    }

    /// A caption track is read packet by packet: those far apart do not make all between them part of the clip.
    @Test(arguments: [FilmAccess.tables, .stream]) func captionsFarApartCostLittle(access: FilmAccess) throws {
        var packets = SampleFilm.packets(seconds: 300, gop: 48)
        let end = packets.map(\.end).max() ?? 0
        for (second, offset) in [(10, packets[1000].end), (280, packets[17_000].end)] {
            packets.append(
                FilmPacket(
                    stream: 2, time: Int64(second) * 1_000_000, duration: 2_000_000, offset: offset, end: offset + 1,
                    isKey: true))
        }
        let index = SampleFilm.index(of: packets, kinds: [.video, .audio, .subtitle], access: access)
        let plan = try index.plan(try #require(ClipInterval(start: 200, end: 210)))
        #expect(plan.byteCount < end / 20)
        #expect(plan.mediaRanges.count == (access == .tables ? 2 : 1))
    }

    @Test func soundBeginsWithItsPacket() throws {
        let packets = SampleFilm.packets(seconds: 30, gop: 25).filter { $0.stream == 1 }
        for access in [FilmAccess.counted, .stream, .tables] {
            let index = SampleFilm.index(of: packets, kinds: [.video, .audio], access: access)
            let plan = try index.plan(try #require(ClipInterval(start: 12.5, end: 14)))
            let first = try #require(packets.first { $0.offset == plan.mediaRanges[0].lowerBound })
            #expect(first.time == plan.mediaStart && plan.actualStart == plan.mediaStart)
            #expect(plan.actualStart <= 12_500_000 && plan.actualStart > 11_400_000)
        }
    }

    @Test func aClipBeforeTheFirstPictureBeginsWithIt() throws {
        let packets = SampleFilm.packets(seconds: 10, gop: 48).filter { $0.stream == 1 || $0.time > 3_000_000 }
        let index = SampleFilm.index(of: packets)
        let key = try #require(index.streams[0].buckets.first { $0.isKey })
        let both = try index.plan(try #require(ClipInterval(start: 1, end: 6)))
        #expect(both.actualStart == key.time && both.mediaRanges[0].lowerBound < key.low)
        let sound = try index.plan(try #require(ClipInterval(start: 1, end: 2)))
        #expect(sound.actualStart <= 1_000_000 && sound.mediaRanges.last?.upperBound ?? 0 <= key.low)
    }

    @Test func saysWhyThereIsNone() throws {
        let index = SampleFilm.index(of: SampleFilm.packets(seconds: 5, gop: 25))
        let late = try #require(ClipInterval(start: 62.5, end: 63))
        #expect(throws: ClipPlanError.beyondEnd(duration: index.duration)) { try index.plan(late) }
        #expect(throws: ClipPlanError.empty) { try SampleFilm.index(of: []).plan(late) }
        #expect(ClipPlanError.beyondEnd(duration: 62_540_000).description == "The film is only 1:02.54 long.")
        #expect(ClipPlanError.beyondEnd(duration: .min).description == "The film is only 0:00 long.")
        let over = try index.plan(try #require(ClipInterval(start: 4, end: 1e9)))
        #expect(over.interval.end == index.duration)
    }

    @Test func oneFrameIsAFilm() throws {
        let packet = FilmPacket(stream: 0, time: 0, duration: 0, offset: 48, end: 900, isKey: true)
        let plan = try SampleFilm.index(of: [packet]).plan(try #require(ClipInterval(start: 0, end: 1)))
        #expect(plan.ranges == [0..<900] && plan.actualStart == 0)
    }

    @Test func joinsRangesWithSmallGaps() throws {
        let packets = SampleFilm.packets(seconds: 30, gop: 25).sorted { $0.stream < $1.stream }
        var offset: UInt64 = 48
        let apart = packets.map { packet in
            var packet = packet
            let size = packet.end - packet.offset
            packet.offset = offset
            packet.end = offset + size
            offset += size
            return packet
        }
        let index = SampleFilm.index(of: apart)
        let clip = try #require(ClipInterval(start: 10, end: 12))
        let plan = try index.plan(clip)
        #expect(plan.mediaRanges.count == 2)
        let gap = plan.mediaRanges[1].lowerBound - plan.mediaRanges[0].upperBound
        #expect(try index.plan(clip, mergingGapsUnder: gap).mediaRanges == plan.mediaRanges)
        #expect(try index.plan(clip, mergingGapsUnder: gap + 1).mediaRanges.count == 1)
    }

    /// Whatever an index says, as far as it could be read: no trap.
    @Test(arguments: 0..<100) func anyIndexIsSafe(seed: Int) throws {
        var numbers = WildNumbers(seed: UInt64(seed))
        let index = numbers.index()
        for _ in 0..<30 {
            let start = numbers.next(1_000_000_000_000_000)
            guard let clip = ClipInterval(microseconds: start..<start + 1000 + numbers.next(1_000_000_000)) else {
                continue
            }
            let thinned = index.thinned(toBytes: Int(numbers.next(300)))
            guard let plan = try? thinned.plan(clip, mergingGapsUnder: UInt64(numbers.next(.max))) else { continue }
            #expect(Self.isOrdered(plan.mediaRanges) && Self.isOrdered(plan.ranges))
            let length = UInt64(numbers.next(.max))
            guard
                let grid = PieceGrid(
                    pieceLength: UInt64(numbers.next(1 << 28)), torrentLength: length,
                    fileOffset: UInt64(numbers.next(1 << 40)), fileLength: length / 2)
            else { continue }
            let pieces = plan.pieces(grid)
            #expect(pieces.byteCount <= length && pieces.waste >= 1)
        }
    }
}

/// Numbers from the ends of their ranges and from between, and indexes made of them.
struct WildNumbers {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// A number from zero to `limit`.
    mutating func next(_ limit: Int64) -> Int64 {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: 0
        case 1: limit
        case 2: limit - 1
        case 3: Int64.random(in: 0...limit, using: &random)
        default: Int64.random(in: 0...3_000_000, using: &random)
        }
    }

    private mutating func six(_ limit: Int64) -> [Int64] { (0..<6).map { _ in next(limit) }.sorted() }

    /// An index that a reader would accept.
    mutating func index() -> FilmIndex {
        let streams = (0..<Int.random(in: 0...4, using: &random)).map { _ in stream() }
        return FilmIndex(
            streams: streams, headerRanges: [0..<UInt64(next(.max)) + 1], duration: next(1 << 53),
            origin: next(1 << 53), access: FilmAccess.allCases.randomElement(using: &random) ?? .tables)
    }

    private mutating func stream() -> StreamIndex {
        let (lows, highs) = (six(.max), six(.max))
        let times = Set(six(1 << 54).map { Bool.random(using: &random) ? $0 - (1 << 53) : $0 }).sorted()
        let buckets = times.indices.map { place in
            Bucket(
                time: times[place], low: UInt64(lows[place]), high: UInt64(highs[place]),
                isKey: Bool.random(using: &random))
        }
        return StreamIndex(kind: StreamKind.allCases.randomElement(using: &random) ?? .video, buckets: buckets)
    }
}
