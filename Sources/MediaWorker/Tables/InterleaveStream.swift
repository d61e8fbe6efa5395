import ClipIndex

/// One stream of an AVI file: counts its chunks to know their time.
struct InterleaveStream {
    let kind: StreamKind
    private let scale: Int64
    private let rate: Int64
    /// Bytes per unit of time for evenly packed sound; zero for a unit per chunk.
    private let sampleSize: Int64
    private let blockSize: Int64
    private var units: Int64
    private var wasKey = true
    /// How many pictures decoding may run ahead of showing: chunks say when they are decoded.
    private static let reordering: Int64 = 3

    /// Nil when the header is incomplete or the stream has an OpenDML index.
    init?(_ list: LittleEndianBytes) {
        let chunks = list.chunks()
        guard let header = chunks.first(where: { $0.type == "strh" })?.payload, let type = header.type(0),
            let scale = header.u32(20), let rate = header.u32(24), let start = header.u32(28),
            let sampleSize = header.u32(44), scale > 0, rate > 0, !chunks.contains(where: { $0.type == "indx" })
        else { return nil }
        let format = chunks.first { $0.type == "strf" }?.payload
        kind = type == "vids" ? .video : type == "auds" ? .audio : type == "txts" ? .subtitle : .other
        self.scale = Int64(scale)
        self.rate = Int64(rate)
        let block = kind == .audio ? Int64(format?.u16(12) ?? 0) : 0
        self.sampleSize = kind != .audio || sampleSize == 0 ? 0 : max(block, 1)
        self.blockSize = block
        units = Int64(start) * max(1, self.sampleSize)
    }

    /// How much later than it is decoded a key frame counts, in microseconds.
    var delay: Int64 { kind == .video ? time(Self.reordering) : 0 }

    /// The chunk at `range` as packets: a long chunk of sound counts at every second it spans.
    mutating func packets(_ stream: Int, size: Int, _ range: Range<UInt64>, isKey: Bool) -> [FilmPacket] {
        // A key frame is shown later than it is decoded, nobody knows by how much before decoding; too late a time only
        // makes a reader begin earlier. Where all frames are key frames none is reordered.
        let delay = kind == .video && isKey && !wasKey ? Self.reordering : 0
        let begin = time(units + delay)
        wasKey = isKey
        units += length(size)
        let end = time(units)
        var times = [begin]
        if kind == .audio {
            while let last = times.last, last + 1_000_000 < end, times.count < 64 { times.append(last + 1_000_000) }
            if end - 1 > begin { times.append(end - 1) }
        }
        guard size > 0 else { return [] }
        return times.map {
            FilmPacket(
                stream: stream, time: $0, duration: max(0, end - $0), offset: range.lowerBound, end: range.upperBound,
                isKey: isKey)
        }
    }

    private func length(_ size: Int) -> Int64 {
        if sampleSize > 0 { return Int64(size) }
        return kind == .audio && blockSize > 0 ? (Int64(size) + blockSize - 1) / blockSize : 1
    }

    private func time(_ units: Int64) -> Int64 {
        let whole = units / max(1, sampleSize)
        let seconds = Double(whole) * Double(scale) / Double(rate)
        return Int64(exactly: (seconds * 1_000_000).rounded()) ?? .max / 2
    }
}
