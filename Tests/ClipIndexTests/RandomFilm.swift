import ClipIndex
import TestSupport

/// Packets of a film as wild as containers are: any number of streams, reordered pictures, gaps, captions that last,
/// streams that begin late or end early, and any interleaving of all that in the file.
struct RandomFilm {
    let kinds: [StreamKind]
    let packets: [FilmPacket]
    let access: FilmAccess
    let headerRanges: [Range<UInt64>] = [0..<64]
    let fileLength: UInt64

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        access = FilmAccess.allCases.randomElement(using: &random) ?? .tables
        kinds = Self.kinds(&random)
        let origin = Bool.random(using: &random) ? 0 : Int64.random(in: -900_000...5_000_000, using: &random)
        let streams = kinds.enumerated().map { Self.decodingOrder($0, $1, from: origin, &random) }
        var packets = Self.interleaved(streams, &random)
        var offset: UInt64 = 64
        for index in packets.indices {
            offset += Int.random(in: 0..<4, using: &random) == 0 ? UInt64.random(in: 1...50, using: &random) : 0
            let size = UInt64.random(in: 1...2000, using: &random)
            packets[index].offset = offset
            packets[index].end = offset + size
            offset += size
        }
        self.packets = packets
        fileLength = offset
    }

    private static func kinds(_ random: inout SplitMix64) -> [StreamKind] {
        var kinds = [StreamKind](repeating: .audio, count: Int.random(in: 0...2, using: &random))
        if Int.random(in: 0..<5, using: &random) > 0 || kinds.isEmpty { kinds.insert(.video, at: 0) }
        if Int.random(in: 0..<6, using: &random) == 0 { kinds.append(.video) }
        for _ in 0..<Int.random(in: 0...2, using: &random) { kinds.append(.subtitle) }
        if Int.random(in: 0..<4, using: &random) == 0 { kinds.append(.other) }
        return kinds
    }

    /// The packets of all streams in one order, which keeps that of each stream.
    private static func interleaved(_ streams: [[FilmPacket]], _ random: inout SplitMix64) -> [FilmPacket] {
        var left = streams
        var ordered: [FilmPacket] = []
        switch Int.random(in: 0..<3, using: &random) {
        case 0:  // One stream after the other.
            return streams.flatMap { $0 }
        case 1:  // By time, as writers do.
            while let next = left.indices.filter({ !left[$0].isEmpty }).min(by: { left[$0][0].time < left[$1][0].time })
            {
                ordered.append(left[next].removeFirst())
            }
        default:  // In runs of any length.
            while let next = left.indices.filter({ !left[$0].isEmpty }).randomElement(using: &random) {
                let run = min(left[next].count, Int.random(in: 1...40, using: &random))
                ordered += left[next].prefix(run)
                left[next].removeFirst(run)
            }
        }
        return ordered
    }

    private static func decodingOrder(
        _ stream: Int, _ kind: StreamKind, from origin: Int64, _ random: inout SplitMix64
    ) -> [FilmPacket] {
        var packets: [FilmPacket] = []
        var time = origin + Int64.random(in: 0...2_000_000, using: &random)
        let end = origin + Int64.random(in: 3_000_000...30_000_000, using: &random)
        let step: Int64 = kind == .video ? 40_000 : kind == .audio ? 23_220 : 1_700_000
        let group = Int.random(in: 1...80, using: &random)
        while time < end {
            let position = packets.count % group
            let lasts = kind == .subtitle ? Int64.random(in: 0...9_000_000, using: &random) : step
            packets.append(
                FilmPacket(
                    stream: stream, time: time, duration: lasts, offset: 0, end: 0,
                    isKey: kind != .video || position == 0))
            time += step + Int64.random(in: 0...step / 8, using: &random)
            if Int.random(in: 0..<200, using: &random) == 0 {
                time += Int64.random(in: 0...6_000_000, using: &random)
            }
        }
        // A picture that others refer to comes before them in the file.
        if kind == .video {
            for index in packets.indices where index % group % 3 == 1 && index % group + 2 < group {
                guard index + 2 < packets.count else { break }
                packets.insert(packets.remove(at: index + 2), at: index)
            }
        }
        return packets
    }
}
