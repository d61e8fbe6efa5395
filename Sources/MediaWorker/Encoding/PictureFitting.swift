import CLibAV
import Media

/// Makes pictures what the encoder takes: of one size, in 8 bits with a quarter of the colour, turned where needed.
final class PictureFitting {
    private let shape: PictureShape
    /// The size of the pictures that are cut to the shape's even one, rather than scaled to it.
    private let whole: (width: CInt, height: CInt)
    private var scaler: OpaquePointer?

    init(_ shape: PictureShape, like frame: UnsafeMutablePointer<AVFrame>) {
        self.shape = shape
        whole = (frame.pointee.width, frame.pointee.height)
    }

    deinit { sws_freeContext(scaler) }

    /// A picture of its own that shows what `frame` does; to be freed.
    func fitted(_ frame: UnsafeMutablePointer<AVFrame>) throws(ExactFailure) -> UnsafeMutablePointer<AVFrame> {
        guard let named = av_frame_clone(frame) else { throw .memory }
        // The old names for full range; the range itself is told apart.
        named.pointee.format = Self.plain(AVPixelFormat(frame.pointee.format)).rawValue
        if whole == (frame.pointee.width, frame.pointee.height) {
            (named.pointee.width, named.pointee.height) = (CInt(shape.width), CInt(shape.height))
        }
        guard let scaled = scaled(named) else { throw .memory }
        guard shape.quarterTurns != 0 else { return scaled }
        defer { Self.free(scaled) }
        guard let turned = PictureTurning.turned(scaled, quarterTurns: shape.quarterTurns, format: AV_PIX_FMT_YUV420P),
            av_frame_copy_props(turned, scaled) >= 0
        else { throw .memory }
        return turned
    }

    /// Takes `frame` over.
    private func scaled(_ frame: UnsafeMutablePointer<AVFrame>) -> UnsafeMutablePointer<AVFrame>? {
        let format = AVPixelFormat(frame.pointee.format)
        let (width, height) = (CInt(shape.width), CInt(shape.height))
        if format == AV_PIX_FMT_YUV420P, frame.pointee.width == width, frame.pointee.height == height { return frame }
        defer { Self.free(frame) }
        scaler = sws_getCachedContext(
            scaler, frame.pointee.width, frame.pointee.height, format, width, height, AV_PIX_FMT_YUV420P,
            CInt(SWS_BICUBIC), nil, nil, nil)
        guard let scaler, let target = Self.blank(width, height) else { return nil }
        guard sws_scale_frame(scaler, target, frame) >= 0, av_frame_copy_props(target, frame) >= 0 else {
            Self.free(target)
            return nil
        }
        return target
    }

    private static func blank(_ width: CInt, _ height: CInt) -> UnsafeMutablePointer<AVFrame>? {
        PictureTurning.blank(width: Int(width), height: Int(height), format: AV_PIX_FMT_YUV420P)
    }

    private static func free(_ frame: UnsafeMutablePointer<AVFrame>) {
        var freed: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&freed)
    }

    /// Whether pixels are red, green and blue, or shades of grey.
    static func isMadeOfColours(_ format: AVPixelFormat) -> Bool {
        guard let description = av_pix_fmt_desc_get(format)?.pointee else { return false }
        return description.flags & UInt64(AV_PIX_FMT_FLAG_RGB) != 0 || description.nb_components < 3
    }

    /// Whether the format itself says that all values are used.
    static func isFullRange(_ format: AVPixelFormat) -> Bool { plain(format) != format }

    private static func plain(_ format: AVPixelFormat) -> AVPixelFormat {
        switch format {
        case AV_PIX_FMT_YUVJ420P: AV_PIX_FMT_YUV420P
        case AV_PIX_FMT_YUVJ422P: AV_PIX_FMT_YUV422P
        case AV_PIX_FMT_YUVJ444P: AV_PIX_FMT_YUV444P
        case AV_PIX_FMT_YUVJ440P: AV_PIX_FMT_YUV440P
        case AV_PIX_FMT_YUVJ411P: AV_PIX_FMT_YUV411P
        default: format
        }
    }
}
