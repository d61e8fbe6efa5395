import CLibAV

/// A small upright picture in memory: full-range YUV 4:2:0 with even sides, as JPEG takes it.
final class Picture {
    let frame: UnsafeMutablePointer<AVFrame>
    /// How much brightness differs within the picture: standard deviation of the luma, 0...127.
    let contrast: Double
    private let brightness: Double

    /// Scales and turns a decoded frame to at most `width` pixels across, and at most twice that down.
    init?(_ decoded: UnsafeMutablePointer<AVFrame>, shape: DisplayShape, width: Int) {
        let size = Self.size(of: shape, width: width)
        let isTurned = shape.quarterTurns % 2 == 1
        guard
            let scaled = Self.scaled(
                decoded, width: isTurned ? size.height : size.width, height: isTurned ? size.width : size.height)
        else { return nil }
        guard shape.quarterTurns != 0 else {
            frame = scaled
            (brightness, contrast) = Self.statistics(of: scaled)
            return
        }
        let turned = PictureTurning.turned(scaled, quarterTurns: shape.quarterTurns)
        var freed: UnsafeMutablePointer<AVFrame>? = scaled
        av_frame_free(&freed)
        guard let turned else { return nil }
        frame = turned
        (brightness, contrast) = Self.statistics(of: turned)
    }

    deinit {
        var freed: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&freed)
    }

    /// Whether the picture shows something: neither black nor white nor of nearly one shade.
    var isTelling: Bool { contrast >= 14 && (20...240).contains(brightness) }

    /// A blank picture of this size; nil when libav has no memory for it.
    static func blank(width: Int, height: Int) -> UnsafeMutablePointer<AVFrame>? {
        var frame = av_frame_alloc()
        guard let made = frame else { return nil }
        made.pointee.format = AV_PIX_FMT_YUVJ420P.rawValue
        made.pointee.width = CInt(width)
        made.pointee.height = CInt(height)
        made.pointee.color_range = AVCOL_RANGE_JPEG
        guard av_frame_get_buffer(made, 0) >= 0 else {
            av_frame_free(&frame)
            return nil
        }
        return made
    }

    private static func size(of shape: DisplayShape, width: Int) -> (width: Int, height: Int) {
        let (shownWidth, shownHeight) = (Double(shape.width), Double(shape.height))
        let scale = min(1, Double(width) / shownWidth, Double(2 * width) / shownHeight)
        func even(_ side: Double) -> Int { max(16, Int((side * scale / 2).rounded()) * 2) }
        return (even(shownWidth), even(shownHeight))
    }

    private static func scaled(
        _ decoded: UnsafeMutablePointer<AVFrame>, width: Int, height: Int
    ) -> UnsafeMutablePointer<AVFrame>? {
        let source = decoded.pointee
        guard
            let scaler = sws_getContext(
                source.width, source.height, AVPixelFormat(source.format), CInt(width), CInt(height),
                AV_PIX_FMT_YUVJ420P,
                CInt(SWS_AREA), nil, nil, nil)
        else { return nil }
        defer { sws_freeContext(scaler) }
        guard let target = blank(width: width, height: height) else { return nil }
        guard sws_scale_frame(scaler, target, decoded) >= 0 else {
            var freed: UnsafeMutablePointer<AVFrame>? = target
            av_frame_free(&freed)
            return nil
        }
        return target
    }

    private static func statistics(of frame: UnsafeMutablePointer<AVFrame>) -> (brightness: Double, contrast: Double) {
        guard let luma = frame.pointee.data.0 else { return (0, 0) }
        let lineSize = Int(frame.pointee.linesize.0)
        var count = 0.0, sum = 0.0, squares = 0.0
        for y in stride(from: 0, to: Int(frame.pointee.height), by: 4) {
            for x in stride(from: 0, to: Int(frame.pointee.width), by: 4) {
                let value = Double(luma[y * lineSize + x])
                count += 1
                sum += value
                squares += value * value
            }
        }
        guard count > 0 else { return (0, 0) }
        let mean = sum / count
        return (mean, max(0, squares / count - mean * mean).squareRoot())
    }
}
