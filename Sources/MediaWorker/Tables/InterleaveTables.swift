import ClipIndex

/// The clip index of an AVI file from its `idx1` (Microsoft's AVI RIFF file reference).
enum InterleaveTables {
    private static let headerLimit: UInt64 = 4 << 20
    private static let indexLimit: UInt64 = 128 << 20

    private struct Layout {
        var header: LittleEndianBytes?
        var movieStart: UInt64?
        var index: Range<UInt64>?
    }

    /// All chunks; nil without `idx1`, for OpenDML files (several RIFF parts), and for an index that does not point to its chunks.
    static func chunks(_ source: SourceFile) -> FilmIndexBuilder? {
        guard let layout = layout(of: source), let header = layout.header, let movieStart = layout.movieStart,
            let indexRange = layout.index, indexRange.upperBound - indexRange.lowerBound <= indexLimit,
            let bytes = source.bytes(
                at: indexRange.lowerBound, count: Int(indexRange.upperBound - indexRange.lowerBound))
        else { return nil }
        let lists = header.chunks().filter { $0.type == "strl" }.prefix(32)
        var streams = lists.compactMap { InterleaveStream($0.payload) }
        guard !streams.isEmpty, streams.count == lists.count else { return nil }
        let entries = LittleEndianBytes(bytes: bytes)
        guard let base = base(of: entries, in: source, movieStart: movieStart) else { return nil }
        var builder = FilmIndexBuilder(kinds: streams.map(\.kind))
        let delay = streams.map(\.delay).max() ?? 0
        var echoes = Array(repeating: [FilmPacket](), count: streams.count)
        for offset in stride(from: 0, to: entries.bytes.count - 15, by: 16) {
            guard let type = entries.type(offset), let flags = entries.u32(offset + 4),
                let position = entries.u32(offset + 8), let size = entries.u32(offset + 12),
                let stream = Int(type.prefix(2)), streams.indices.contains(stream)
            else { continue }
            let start = base + UInt64(position)
            let end = start + 8 + UInt64(size)
            let packets = streams[stream].packets(stream, size: size, start..<end, isKey: flags & 0x10 != 0)
            guard end <= source.size else { continue }
            for packet in packets {
                builder.add(packet)
                if streams[stream].kind != .video { echo(packet, delay, &echoes[stream], in: &builder) }
            }
        }
        return builder
    }

    /// Sounds count at the later time too that key frames get: so a clip that begins there has the sounds of the time
    /// before. None counts later than the last.
    private static func echo(
        _ packet: FilmPacket, _ delay: Int64, _ waiting: inout [FilmPacket], in builder: inout FilmIndexBuilder
    ) {
        let due = waiting.prefix { $0.time <= packet.time }
        due.forEach { builder.add($0) }
        waiting.removeFirst(due.count)
        var later = packet
        (later.time, later.duration) = (packet.time &+ delay, 0)
        waiting.append(later)
    }

    private static func layout(of source: SourceFile) -> Layout? {
        guard let riff = source.bytes(at: 0, count: 12).map(LittleEndianBytes.init), riff.type(0) == "RIFF" else {
            return nil
        }
        var layout = Layout()
        var offset: UInt64 = 12
        for _ in 0..<1000 {
            guard let head = source.bytes(at: offset, count: 8).map(LittleEndianBytes.init), let type = head.type(0),
                let size = head.u32(4).map(UInt64.init)
            else { break }
            let end = min(offset + 8 + size, source.size)
            let listType = type == "LIST" ? source.bytes(at: offset + 8, count: 4) : nil
            switch (type, listType.map { String(decoding: $0, as: UTF8.self) }) {
            case ("RIFF", _): return nil
            case ("LIST", "hdrl") where size <= headerLimit && size >= 4 && end - offset >= 12:
                layout.header = source.bytes(at: offset + 12, count: Int(end - offset - 12)).map(LittleEndianBytes.init)
            case ("LIST", "movi"): layout.movieStart = layout.movieStart ?? offset + 8
            case ("idx1", _): layout.index = offset + 8..<end
            default: break
            }
            offset = end + size % 2
        }
        return layout
    }

    /// Whether offsets count from the file's start or from `movi`: writers do both. Nil when neither finds the chunk.
    private static func base(of entries: LittleEndianBytes, in source: SourceFile, movieStart: UInt64) -> UInt64? {
        guard let first = entries.u32(8).map(UInt64.init), entries.bytes.count >= 16 else { return nil }
        let name = Array(entries.bytes[0..<4])
        return [movieStart, 0].first { source.bytes(at: $0 + first, count: 4) == name }
    }
}
