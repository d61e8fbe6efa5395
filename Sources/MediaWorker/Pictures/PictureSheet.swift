import CLibAV
import Media

/// Pictures of moments of a film, gathered one by one, then put side by side.
struct PictureSheet {
    /// How many moments.
    let count: Int
    /// Microseconds between them.
    let interval: Int64
    private let width: Int
    private var pictures: [Picture?]
    private var times: [Int64]

    /// A sheet for `count` moments, each in the middle of an equal part of so many microseconds.
    init(count: Int, length: Int64, width: Int) {
        self.count = max(1, count)
        interval = max(1, length / Int64(self.count))
        self.width = width
        pictures = Array(repeating: nil, count: self.count)
        times = Array(repeating: .min, count: self.count)
    }

    /// The time of moment `number`, in microseconds.
    func moment(_ number: Int) -> Int64 { Int64(number) * interval + interval / 2 }

    /// How many moments have a picture of their own.
    var filled: Int { Set(times.filter { $0 != .min }).count }

    /// Whether a picture shown at `time` would be news for moment `number`.
    func wants(_ number: Int, _ time: Int64) -> Bool {
        pictures.indices.contains(number) && (pictures[number] == nil || times[number] != time)
    }

    /// Gives moment `number` a picture shown at `time`. The first of all says how large all are.
    mutating func put(
        _ frame: UnsafeMutablePointer<AVFrame>, _ shape: DisplayShape, at number: Int, _ time: Int64
    ) {
        guard pictures.indices.contains(number), let picture = Picture(frame, shape: shape, width: width) else {
            return
        }
        if let first = pictures.lazy.compactMap({ $0 }).first, first.size != picture.size { return }
        (pictures[number], times[number]) = (picture, time)
    }

    /// Gives moment `number` the picture of the one before.
    mutating func repeatLast(at number: Int) {
        guard number > 0, pictures.indices.contains(number), pictures[number] == nil else { return }
        (pictures[number], times[number]) = (pictures[number - 1], times[number - 1])
    }

    /// All pictures as one; fewer of them where they are too large. Nil when there is none.
    func board() throws(MediaError) -> Storyboard? {
        var tiles = filledUp
        var each = interval
        while let first = tiles.first {
            if let jpeg = try JPEGEncoder.encode(try Self.joined(tiles), limit: Storyboard.byteLimit) {
                return Storyboard(
                    jpeg: jpeg, count: tiles.count, tileWidth: first.size.width, tileHeight: first.size.height,
                    interval: each)
            }
            guard tiles.count > 1 else { return nil }
            tiles = stride(from: 0, to: tiles.count, by: 2).map { tiles[$0] }
            each *= 2
        }
        return nil
    }

    /// Moments without a picture have the one before, the first ones the one behind.
    private var filledUp: [Picture] {
        guard var last = pictures.lazy.compactMap({ $0 }).first else { return [] }
        return pictures.map { picture in
            last = picture ?? last
            return last
        }
    }

    private static func joined(_ tiles: [Picture]) throws(MediaError) -> Picture {
        guard let first = tiles.first else { throw MediaError(.workerFailed, detail: "no picture") }
        let columns = min(Storyboard.columnCount, tiles.count)
        let rows = (tiles.count + columns - 1) / columns
        guard let sheet = Picture(blackOf: first.size.width * columns, first.size.height * rows) else {
            throw MediaError(.workerFailed, detail: "memory")
        }
        for (number, tile) in tiles.enumerated() {
            sheet.draw(tile, atX: number % columns * first.size.width, y: number / columns * first.size.height)
        }
        return sheet
    }
}
