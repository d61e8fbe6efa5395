/// An MP4 of one or many video tracks whose tables say whatever a test wants; its media data is a few bytes.
struct CraftedMovie {
    var trackCount = 1
    var side: UInt16 = 64
    var movieDuration: UInt64 = 1000
    var timescale: UInt32 = 1000
    var edits: [[UInt32]] = []
    /// Pairs of count and value.
    var durations: [(UInt32, UInt32)] = [(4, 40)]
    var compositions: [(UInt32, UInt32)] = []
    var constantSize: UInt32 = 100
    var sampleCount: UInt32 = 4
    var samplesPerChunk: UInt32 = 4
    var chunkOffsets: [UInt64] = [40]
    var mediaData = [UInt8](repeating: 0x2a, count: 400)

    var bytes: [UInt8] {
        let type = box("ftyp", Array("isom".utf8) + big(0) + Array("isom".utf8))
        let header = box(
            "mvhd",
            [1, 0, 0, 0] + big64(0) + big64(0) + big(1000) + big64(movieDuration) + [UInt8](repeating: 0, count: 80))
        let tracks = [UInt8]((0..<trackCount).map(track).joined())
        return type + box("mdat", mediaData) + box("moov", header + tracks)
    }

    private func track(_ number: Int) -> [UInt8] {
        let head = box(
            "tkhd",
            [0, 0, 0, 3] + big(0) + big(0) + big(UInt32(number + 1)) + big(0) + big(1000)
                + [UInt8](repeating: 0, count: 52) + big(UInt32(side) << 16) + big(UInt32(side) << 16))
        let edit =
            edits.isEmpty
            ? [] : box("edts", box("elst", big(0) + big(UInt32(edits.count)) + edits.flatMap { $0.flatMap(big) }))
        let mediaHeader = box(
            "mdhd", [1, 0, 0, 0] + big64(0) + big64(0) + big(timescale) + big64(movieDuration) + [0x55, 0xc4, 0, 0])
        let handler = box("hdlr", big(0) + big(0) + Array("vide".utf8) + [UInt8](repeating: 0, count: 13))
        return box("trak", head + edit + box("mdia", mediaHeader + handler + box("minf", box("stbl", tables))))
    }

    private var tables: [UInt8] {
        let entry = box(
            "jpeg",
            [UInt8](repeating: 0, count: 6) + [0, 1] + [UInt8](repeating: 0, count: 16) + big16(side) + big16(side)
                + big(0x480000) + big(0x480000) + big(0) + [0, 1] + [UInt8](repeating: 0, count: 32) + [
                    0, 24, 0xff, 0xff,
                ])
        let composition = compositions.isEmpty ? [] : box("ctts", runs(compositions))
        return box("stsd", big(0) + big(1) + entry) + box("stts", runs(durations)) + composition
            + box("stsc", big(0) + big(1) + big(1) + big(samplesPerChunk) + big(1))
            + box("stsz", big(0) + big(constantSize) + big(sampleCount))
            + box("co64", big(0) + big(UInt32(chunkOffsets.count)) + chunkOffsets.flatMap(big64))
    }

    private func runs(_ pairs: [(UInt32, UInt32)]) -> [UInt8] {
        big(0) + big(UInt32(pairs.count)) + pairs.flatMap { big($0.0) + big($0.1) }
    }

    private func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        big(UInt32(content.count + 8)) + Array(type.utf8) + content
    }

    private func big16(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }
    private func big(_ value: UInt32) -> [UInt8] { big16(UInt16(value >> 16)) + big16(UInt16(value & 0xffff)) }
    private func big64(_ value: UInt64) -> [UInt8] { big(UInt32(value >> 32)) + big(UInt32(value & 0xffff_ffff)) }
}
