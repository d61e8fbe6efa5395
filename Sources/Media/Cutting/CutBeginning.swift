import ClipIndex

/// What is known of a clip before its first byte is written.
public struct CutBeginning: Equatable, Sendable {
    /// Where the first picture or packet lies, in microseconds from the film's beginning.
    public let start: Int64
    /// What is written.
    public let format: CutFormat

    /// Where the first picture or packet lies in the film, in seconds.
    public var actualStart: Double { Double(start) / 1_000_000 }

    /// A beginning by its parts; `start` in microseconds.
    public init(start: Int64, format: CutFormat) {
        (self.start, self.format) = (start, format)
    }

    /// The beginning as a worker's word.
    func encoded() -> [UInt8] {
        var writer = VarintWriter()
        writer.write(signed: start)
        writer.write(format)
        return writer.bytes
    }

    /// Reads a beginning, as strictly as if a stranger had sent it.
    init(decoding bytes: some Sequence<UInt8>) throws(FilmIndexError) {
        var reader = VarintReader(Array(bytes))
        start = try reader.readSigned()
        guard start.magnitude < 1 << 51 else { throw .invalidValue }
        format = try reader.readFormat()
        guard reader.remaining == 0 else { throw .wrongLength }
    }
}
