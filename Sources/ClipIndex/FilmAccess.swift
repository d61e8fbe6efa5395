/// How a reader gets at a film's packets once it has the header ranges. The raw value is what the encoded index stores.
public enum FilmAccess: UInt8, Sendable, Hashable, CaseIterable {
    /// The header ranges hold tables that say where every packet lies (MP4 and MOV with sample tables, AVI with an
    /// index): a demuxer seeks by them, at the file's own offsets.
    case tables = 0
    /// The header ranges, followed at once by the bytes from a bucket's `low` on, are read in one go; packets carry
    /// their times (Matroska, WebM, MPEG-TS, MPEG-PS, FLV, ASF, Ogg, FLAC, fragmented MP4).
    case stream = 1
    /// As `stream`, but packets carry no times: the first packet at a bucket's `low` is at the bucket's `time` (MP3,
    /// AAC in ADTS, WAV, raw MPEG video).
    case counted = 2
}
