import ClipIndex

/// The sample tables of one track (ISO/IEC 14496-12, 8.4 to 8.7): what lies where, when it is shown, and whether a
/// picture can start there.
///
/// Every number in them is from outside. A table that contradicts itself makes the track unusable, never wrong.
struct MovieTrack {
    let kind: StreamKind
    private let timescale: Int64
    /// What is added to a sample's composition time, in track units, before it is a presentation time.
    private let shift: Int64
    private let durations: BigEndianBytes
    private let compositions: BigEndianBytes?
    private let keys: BigEndianBytes?
    private let chunkRuns: BigEndianBytes
    private let sizes: SampleSizes
    private let chunks: ChunkOffsets

    /// Nil when a table is missing or unusual: edit lists of several parts, samples of a few bytes (bare PCM).
    init?(_ track: BigEndianBytes, movieTimescale: UInt32) {
        guard let media = track.box("mdia"), let tables = media.box("minf", "stbl"),
            let header = media.box("mdhd"), let version = header.u8(0),
            let timescale = header.u32(version == 1 ? 20 : 12), timescale > 0,
            let durations = tables.box("stts"), let chunkRuns = tables.box("stsc"),
            let sizes = SampleSizes(tables), let chunks = ChunkOffsets(tables),
            let shift = Self.shift(track.box("edts", "elst"), Int64(timescale), Int64(movieTimescale))
        else { return nil }
        self.kind = Self.kind(media.box("hdlr")?.type(8))
        self.timescale = Int64(timescale)
        self.shift = shift
        self.durations = durations
        self.compositions = tables.box("ctts")
        self.keys = tables.box("stss")
        self.chunkRuns = chunkRuns
        self.sizes = sizes
        self.chunks = chunks
    }

    /// Adds every sample that lies in the file to `builder`. False when the tables contradict each other or hold
    /// more samples than `budget`.
    func add(to builder: inout FilmIndexBuilder, stream: Int, fileSize: UInt64, budget: inout Int) -> Bool {
        var clock = SampleClock(durations: durations, compositions: compositions, keys: keys)
        var runs = ChunkRuns(chunkRuns)
        var sample = 0
        for chunk in 0..<chunks.count where sample < sizes.count {
            guard var offset = chunks[chunk], let samples = runs.samples(inChunk: chunk) else { return false }
            for _ in 0..<min(samples, sizes.count - sample) {
                budget -= 1
                guard budget > 0, let size = sizes[sample], let moment = clock.next() else { return false }
                let (end, overflow) = offset.addingReportingOverflow(UInt64(size))
                if !overflow, end <= fileSize, let time = microseconds(moment.time + shift) {
                    builder.add(
                        FilmPacket(
                            stream: stream, time: time, duration: microseconds(moment.duration) ?? 0, offset: offset,
                            end: end, isKey: moment.isKey))
                }
                offset = overflow ? fileSize : end
                sample += 1
            }
        }
        return true
    }

    private func microseconds(_ units: Int64) -> Int64? {
        let (seconds, rest) = units.quotientAndRemainder(dividingBy: timescale)
        guard seconds.magnitude < 1 << 40 else { return nil }
        return seconds * 1_000_000 + Int64((Double(rest) * 1_000_000 / Double(timescale)).rounded())
    }

    private static func kind(_ handler: [UInt8]?) -> StreamKind {
        switch handler.map({ String(decoding: $0, as: UTF8.self) }) {
        case "vide": .video
        case "soun": .audio
        case "text", "sbtl", "subt", "clcp": .subtitle
        default: .other
        }
    }

    /// Zero without an edit list; one part, perhaps after empty ones, moves the track; anything else is nil.
    private static func shift(_ edits: BigEndianBytes?, _ timescale: Int64, _ movieTimescale: Int64) -> Int64? {
        guard let edits else { return 0 }
        guard let version = edits.u8(0), let count = edits.u32(4), count <= 8 else { return nil }
        let isLong = version == 1
        var delay: Int64 = 0
        var shift: Int64?
        for index in 0..<Int(count) {
            let offset = 8 + index * (isLong ? 20 : 12)
            guard let length = isLong ? edits.u64(offset) : edits.u32(offset).map(UInt64.init),
                let start = isLong
                    ? edits.u64(offset + 8).map({ Int64(bitPattern: $0) })
                    : edits.u32(offset + 4).map({ Int64(Int32(bitPattern: $0)) }),
                let rate = edits.u32(offset + (isLong ? 16 : 8)), shift == nil
            else { return nil }
            if start == -1, movieTimescale > 0, length < 1 << 31 {
                delay += Int64(length) * timescale / movieTimescale
            } else if start >= 0, start < 1 << 40, rate == 0x10000 {
                shift = delay - start
            } else {
                return nil
            }
        }
        return shift ?? delay
    }
}
