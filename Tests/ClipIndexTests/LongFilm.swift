import ClipIndex
import TestSupport

/// The index of an imagined long film, made straight of buckets: one a second and stream, a key frame every two.
enum LongFilm {
    static func index(seconds: Int, streams: Int, access: FilmAccess = .tables) -> FilmIndex {
        var random = SplitMix64(seed: 3)
        let kinds: [StreamKind] = (0..<streams).map { $0 == 0 ? .video : $0 < (streams + 2) / 2 ? .audio : .subtitle }
        var tables = kinds.map { StreamIndex(kind: $0, buckets: []) }
        var offset: UInt64 = 1 << 16
        var ends = [UInt64](repeating: 0, count: streams)
        for second in 0..<seconds {
            for stream in 0..<streams {
                let size = UInt64.random(in: 100...(stream == 0 ? 900_000 : 20_000), using: &random)
                tables[stream].buckets.append(
                    Bucket(
                        time: Int64(second) * 1_000_000, low: offset, high: ends[stream],
                        isKey: stream == 0 && second % 2 == 0))
                offset += size
                ends[stream] = offset
            }
        }
        for stream in 0..<streams {
            tables[stream].buckets.append(
                Bucket(time: Int64(seconds) * 1_000_000, low: ends[stream], high: ends[stream], isKey: false))
        }
        return FilmIndex(
            streams: tables, headerRanges: [0..<1 << 16], duration: Int64(seconds) * 1_000_000, access: access)
    }
}
