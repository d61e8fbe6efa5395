import CLibAV
import Media

/// What a demuxer reads of a film with tables before any packet, found by watching one.
struct OpeningReads {
    /// What was read, in the order of reading.
    let ranges: [Range<UInt64>]
    /// When the film begins on its own timeline, in microseconds, as libav says it once it knows the streams.
    let origin: Int64
    /// How long a text may begin before the film does, in microseconds, to count as its beginning.
    private static let textLead: Int64 = 1_000_000
    /// Later than this, in microseconds, no film begins.
    private static let latest: UInt64 = 1 << 52

    init(_ source: SourceFile, _ deadline: Deadline) throws(MediaError) {
        source.keepsLog = true
        defer { source.keepsLog = false }
        let film = try Demuxer(source, deadline, streams: .never, .exact)
        ranges = source.log
        origin = Self.origin(of: film)
    }

    /// The earliest beginning of pictures and sounds, as libav counts: texts count only just before them.
    private static func origin(of film: Demuxer) -> Int64 {
        var shown: Int64?
        var written: Int64?
        for stream in film.streams where !film.isStill(stream) {
            guard let start = start(of: stream), start.magnitude < Self.latest else { continue }
            switch stream.pointee.codecpar.pointee.codec_type {
            case AVMEDIA_TYPE_VIDEO, AVMEDIA_TYPE_AUDIO: shown = min(shown ?? start, start)
            default: written = min(written ?? start, start)
            }
        }
        guard let shown else { return written ?? 0 }
        guard let written, shown > written, shown - written < textLead else { return shown }
        return written
    }

    private static func start(of stream: UnsafeMutablePointer<AVStream>) -> Int64? {
        let base = stream.pointee.time_base
        if let start = LibAV.microseconds(stream.pointee.start_time, base) { return start }
        return avformat_index_get_entry(stream, 0).flatMap { LibAV.microseconds($0.pointee.timestamp, base) }
    }
}
