import CLibAV

/// How a picture stream is to be shown: its pixels stretched to squares, then turned.
struct DisplayShape {
    /// Pixels as shown.
    let width: Int
    /// Pixels as shown.
    let height: Int
    /// Clockwise turns of 90 degrees from the coded picture to the shown one, 0...3.
    let quarterTurns: Int
    private static let limit = 65_536

    /// Nil when the stream does not know its size, or claims one that no picture has.
    init?(_ context: UnsafeMutablePointer<AVFormatContext>, _ stream: UnsafeMutablePointer<AVStream>) {
        let parameters = stream.pointee.codecpar.pointee
        let aspect = av_guess_sample_aspect_ratio(context, stream, nil)
        self.init(
            width: Int(parameters.width), height: Int(parameters.height), pixelWidth: Int(aspect.num),
            pixelHeight: Int(aspect.den), quarterTurns: Self.quarterTurns(of: stream))
    }

    /// The shape of a coded picture; pixel shapes beyond 1:16 are taken for damage.
    init?(width: Int, height: Int, pixelWidth: Int, pixelHeight: Int, quarterTurns: Int) {
        guard (1...Self.limit).contains(width), (1...Self.limit).contains(height) else { return nil }
        var shown = width
        if pixelWidth > 0, pixelHeight > 0, pixelWidth / pixelHeight < 16, pixelHeight / pixelWidth < 16 {
            shown = max(1, Int((Double(width) * Double(pixelWidth) / Double(pixelHeight)).rounded()))
        }
        self.quarterTurns = quarterTurns
        self.width = quarterTurns % 2 == 0 ? shown : height
        self.height = quarterTurns % 2 == 0 ? height : shown
    }

    private static func quarterTurns(of stream: UnsafeMutablePointer<AVStream>) -> Int {
        var size = 0
        guard let matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size), size >= 36 else {
            return 0
        }
        // libav's angle is counter-clockwise.
        let degrees = matrix.withMemoryRebound(to: Int32.self, capacity: 9) { -av_display_rotation_get($0) }
        guard degrees.isFinite, let turns = Int(exactly: (degrees / 90).rounded()) else { return 0 }
        return (turns % 4 + 4) % 4
    }
}
