import CLibAV

/// Turns pictures by quarters of a circle.
enum PictureTurning {
    /// A new picture, `quarterTurns` (1...3) times turned clockwise; nil without memory for it.
    ///
    /// - Parameter format: of both pictures: 8 bits in three planes, the colour with half the lines and columns.
    static func turned(
        _ source: UnsafeMutablePointer<AVFrame>, quarterTurns: Int, format: AVPixelFormat
    ) -> UnsafeMutablePointer<AVFrame>? {
        let (width, height) = (Int(source.pointee.width), Int(source.pointee.height))
        let isSideways = quarterTurns % 2 == 1
        guard
            let target = blank(width: isSideways ? height : width, height: isSideways ? width : height, format: format)
        else { return nil }
        let from = [source.pointee.data.0, source.pointee.data.1, source.pointee.data.2]
        let fromLines = [source.pointee.linesize.0, source.pointee.linesize.1, source.pointee.linesize.2]
        let to = [target.pointee.data.0, target.pointee.data.1, target.pointee.data.2]
        let toLines = [target.pointee.linesize.0, target.pointee.linesize.1, target.pointee.linesize.2]
        for plane in 0..<3 {
            guard let read = from[plane], let write = to[plane] else { continue }
            turn(
                Plane(start: read, line: Int(fromLines[plane])), plane == 0 ? width : width / 2,
                plane == 0 ? height : height / 2, into: Plane(start: write, line: Int(toLines[plane])), quarterTurns)
        }
        return target
    }

    /// A blank picture of this size; nil when libav has no memory for it.
    static func blank(width: Int, height: Int, format: AVPixelFormat) -> UnsafeMutablePointer<AVFrame>? {
        var frame = av_frame_alloc()
        guard let made = frame else { return nil }
        made.pointee.format = format.rawValue
        made.pointee.width = CInt(width)
        made.pointee.height = CInt(height)
        if format == AV_PIX_FMT_YUVJ420P { made.pointee.color_range = AVCOL_RANGE_JPEG }
        guard av_frame_get_buffer(made, 0) >= 0 else {
            av_frame_free(&frame)
            return nil
        }
        return made
    }

    private struct Plane {
        let start: UnsafeMutablePointer<UInt8>
        /// Bytes from one line to the next.
        let line: Int
    }

    private static func turn(_ source: Plane, _ width: Int, _ height: Int, into target: Plane, _ turns: Int) {
        for y in 0..<height {
            let read = source.start + y * source.line
            // Where the line's first pixel goes, and how far from there the next one.
            let (first, step) =
                switch turns {
                case 1: (height - 1 - y, target.line)
                case 2: ((height - 1 - y) * target.line + width - 1, -1)
                default: ((width - 1) * target.line + y, -target.line)
                }
            for x in 0..<width { target.start[first + x * step] = read[x] }
        }
    }
}
