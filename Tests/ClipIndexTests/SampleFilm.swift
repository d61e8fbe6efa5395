import TestSupport
import ClipIndex

/// Packets of an imagined film: video with reordered pictures, audio beside it, interleaved as writers do.
enum SampleFilm {
    /// `seconds` of 25 pictures a second, a key frame every `gop` (a multiple of four, or one more), and
    /// of 47 sound packets a second.
    static func packets(seconds: Int, gop: Int, seed: UInt64 = 1, start: Int64 = 0) -> [FilmPacket] {
        var random = SplitMix64(seed: seed)
        var offset: UInt64 = 48
        var packets: [FilmPacket] = []
        var sound = 0
        for picture in 0..<seconds * 25 {
            // Decoding order 0 3 1 2 within each group of four, as with two B pictures.
            let reorder: [Int64] = picture % gop == 0 ? [0, 0, 0, 0] : [0, 2, -1, -1]
            let time = start + (Int64(picture) + reorder[picture % gop % 4]) * 40_000
            let size = UInt64.random(in: 200...9000, using: &random)
            packets.append(
                FilmPacket(
                    stream: 0, time: time, duration: 40_000, offset: offset, end: offset + size,
                    isKey: picture % gop == 0))
            offset += size
            while sound * 1024 * 25 < (picture + 1) * 48_000 {
                let time = start + Int64(sound) * 1024 * 1_000_000 / 48_000
                packets.append(
                    FilmPacket(stream: 1, time: time, duration: 21_333, offset: offset, end: offset + 300, isKey: true))
                offset += 300
                sound += 1
            }
        }
        return packets
    }

    static func index(
        of packets: [FilmPacket], headerRanges: [Range<UInt64>] = [0..<48], kinds: [StreamKind] = [.video, .audio],
        access: FilmAccess = .tables
    ) -> FilmIndex {
        var builder = FilmIndexBuilder(kinds: kinds)
        for packet in packets { builder.add(packet) }
        return builder.build(headerRanges: headerRanges, access: access)
    }
}
