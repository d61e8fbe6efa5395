import ClipIndex

/// The clip index of an MP4 or MOV file from its `moov` alone.
enum MovieTables {
    private static let movieLimit: UInt64 = 128 << 20
    private static let sampleLimit = 20_000_000

    /// All samples; nil for a fragmented film, and for one whose tables are too unusual to trust.
    static func samples(_ source: SourceFile) -> FilmIndexBuilder? {
        let boxes = MovieBoxes(source)
        guard !boxes.hasFragments, let movie = boxes.first("moov")?.payload,
            movie.upperBound - movie.lowerBound <= movieLimit,
            let bytes = source.bytes(at: movie.lowerBound, count: Int(movie.upperBound - movie.lowerBound))
        else { return nil }
        let content = BigEndianBytes(bytes)
        guard content.box("mvex") == nil, let header = content.box("mvhd"), let version = header.u8(0),
            let timescale = header.u32(version == 1 ? 20 : 12)
        else { return nil }
        let parsed = content.boxes("trak").prefix(32).map { MovieTrack($0, movieTimescale: timescale) }
        let tracks = parsed.compactMap { $0 }
        guard !tracks.isEmpty, tracks.count == parsed.count else { return nil }
        var builder = FilmIndexBuilder(kinds: tracks.map(\.kind))
        var budget = sampleLimit
        for (stream, track) in tracks.enumerated() {
            guard track.add(to: &builder, stream: stream, fileSize: source.size, budget: &budget) else { return nil }
        }
        return builder
    }
}
