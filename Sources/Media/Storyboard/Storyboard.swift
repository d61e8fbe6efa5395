public import ClipIndex

/// Small pictures of a film, one for each equal part of it, in one JPEG.
///
/// The picture of part n (from zero) shows the film at about the middle of that part. It lies in column n % `columns`
/// and row n / `columns`, all of one size, without space between them.
public struct Storyboard: Equatable, Sendable {
    /// All pictures in one JPEG of at most 512,000 bytes.
    public let jpeg: [UInt8]
    /// Pictures in a full row.
    public let columns: Int
    /// Rows, the last of them perhaps not full.
    public let rows: Int
    /// Pictures in all.
    public let count: Int
    /// Pixels across of one picture.
    public let tileWidth: Int
    /// Pixels down of one picture.
    public let tileHeight: Int
    /// How much of the film each picture stands for, in microseconds.
    public let interval: Int64

    /// The most bytes of the JPEG.
    public static let byteLimit = 512_000
    /// Pictures in a full row.
    public static let columnCount = 10
    private static let sides = 2...2048

    /// How much of the film each picture stands for, in seconds.
    public var secondsEach: Double { Double(interval) / 1_000_000 }

    /// A storyboard by its parts; nil when they make none.
    public init?(jpeg: [UInt8], count: Int, tileWidth: Int, tileHeight: Int, interval: Int64) {
        guard jpeg.starts(with: [0xff, 0xd8, 0xff]), jpeg.count <= Self.byteLimit,
            WorkerJob.frameCounts.contains(count),
            Self.sides.contains(tileWidth), Self.sides.contains(tileHeight), interval > 0, interval < 1 << 51
        else { return nil }
        self.jpeg = jpeg
        columns = min(Self.columnCount, count)
        rows = (count + Self.columnCount - 1) / Self.columnCount
        (self.count, self.tileWidth, self.tileHeight, self.interval) = (count, tileWidth, tileHeight, interval)
    }

    /// The storyboard as a worker's result.
    public func encoded() -> [UInt8] {
        var writer = VarintWriter()
        for number in [count, tileWidth, tileHeight] { writer.write(UInt64(clamping: number)) }
        writer.write(UInt64(clamping: interval))
        return writer.bytes + jpeg
    }

    /// Reads a storyboard, as strictly as if a stranger had sent it.
    public init(decoding bytes: [UInt8]) throws(FilmIndexError) {
        var reader = VarintReader(bytes)
        let count = try reader.read()
        let (width, height) = (try reader.read(), try reader.read())
        let interval = try reader.read()
        let jpeg = Array(bytes.suffix(reader.remaining))
        guard
            let board = Storyboard(
                jpeg: jpeg, count: Int(clamping: count), tileWidth: Int(clamping: width),
                tileHeight: Int(clamping: height), interval: Int64(clamping: interval))
        else { throw .invalidValue }
        self = board
    }
}
