/// How the small pictures of a film lie on their sheet: row by row, from the film's beginning on.
public struct StoryboardSheet: Hashable, Sendable {
    /// Pictures in a row.
    public let columns: Int
    /// Rows.
    public let rows: Int
    /// Pictures; the last row may have fewer.
    public let frames: Int
    /// Width of a picture in pixels.
    public let tileWidth: Int
    /// Height of a picture in pixels.
    public let tileHeight: Int
    /// Seconds of the film from one picture to the next.
    public let secondsEach: Double

    /// Makes a sheet from its parts.
    public init(columns: Int, rows: Int, frames: Int, tileWidth: Int, tileHeight: Int, secondsEach: Double) {
        self.columns = columns
        self.rows = rows
        self.frames = frames
        self.tileWidth = tileWidth
        self.tileHeight = tileHeight
        self.secondsEach = secondsEach
    }
}
