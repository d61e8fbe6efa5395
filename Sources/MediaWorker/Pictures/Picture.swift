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
        let turned = PictureTurning.turned(scaled, quarterTurns: shape.quarterTurns, format: AV_PIX_FMT_YUVJ420P)
        var freed: UnsafeMutablePointer<AVFrame>? = scaled
        av_frame_free(&freed)
        guard let turned else { return nil }
        frame = turned
        (brightness, contrast) = Self.statistics(of: turned)
    }

    /// A black picture; nil when libav has no memory for it.
    init?(blackOf width: Int, _ height: Int) {
        guard let made = PictureTurning.blank(width: width, height: height, format: AV_PIX_FMT_YUVJ420P) else {
            return nil
        }
        frame = made
        (brightness, contrast) = (0, 0)
        let planes =
            [(made.pointee.data.0, made.pointee.linesize.0), (made.pointee.data.1, made.pointee.linesize.1)]
            + [(made.pointee.data.2, made.pointee.linesize.2)]
        for (number, (plane, line)) in planes.enumerated() {
            plane?.update(repeating: number == 0 ? 0 : 128, count: Int(line) * (number == 0 ? height : height / 2))
        }
    }

    deinit {
        var freed: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&freed)
    }

    /// Pixels across and down.
    var size: (width: Int, height: Int) { (Int(frame.pointee.width), Int(frame.pointee.height)) }

    /// Draws another picture into this one, which must have room for it there.
    func draw(_ other: Picture, atX x: Int, y: Int) {
        let (width, height) = (other.frame.pointee.width, other.frame.pointee.height)
        let (from, to) = (other.frame.pointee, frame.pointee)
        av_image_copy_plane(
            to.data.0.map { $0 + y * Int(to.linesize.0) + x }, to.linesize.0, from.data.0, from.linesize.0, width,
            height)
        av_image_copy_plane(
            to.data.1.map { $0 + y / 2 * Int(to.linesize.1) + x / 2 }, to.linesize.1, from.data.1, from.linesize.1,
            width / 2, height / 2)
        av_image_copy_plane(
            to.data.2.map { $0 + y / 2 * Int(to.linesize.2) + x / 2 }, to.linesize.2, from.data.2, from.linesize.2,
            width / 2, height / 2)
    }

    /// Whether the picture shows something: neither black nor white nor of nearly one shade.
    var isTelling: Bool { contrast >= 14 && (20...240).contains(brightness) }

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
        guard let target = PictureTurning.blank(width: width, height: height, format: AV_PIX_FMT_YUVJ420P) else {
            return nil
        }
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
