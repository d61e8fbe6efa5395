import CLibAV
import Media

/// How a picture encoder is set up: fine enough that nobody sees the difference, and no slower than it must be.
struct PictureKind {
    let shape: PictureShape
    let rate: AVRational
    /// Units of time.
    let base: AVRational
    /// Seconds between key frames, at most.
    let keySeconds: Int
    private static let highRate = 240.0
    private static let largePicture = 1280 * 720
    private static let hugePicture = 1920 * 1088

    init(_ shape: PictureShape, _ stream: UnsafeMutablePointer<AVStream>, _ work: EncodedWork) {
        self.shape = shape
        let rates = [stream.pointee.avg_frame_rate, stream.pointee.r_frame_rate]
        rate =
            rates.first { $0.num > 0 && $0.den > 0 && (0.1...Self.highRate).contains(av_q2d($0)) }
            ?? AVRational(num: 25, den: 1)
        base = Self.units(stream.pointee.time_base)
        keySeconds = work.isSent ? 2 : 5
    }

    /// Fine units in which the source's times are whole.
    private static func units(_ source: AVRational) -> AVRational {
        guard source.num > 0, (1...1_000_000).contains(source.den) else { return AVRational(num: 1, den: 90_000) }
        let factor = (9_999 + source.den) / source.den
        return AVRational(num: 1, den: source.den * factor)
    }

    /// Sets `context` up.
    func configure(_ context: UnsafeMutablePointer<AVCodecContext>) {
        context.pointee.width = CInt(shape.turnedWidth)
        context.pointee.height = CInt(shape.turnedHeight)
        context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
        context.pointee.time_base = base
        context.pointee.framerate = rate
        context.pointee.sample_aspect_ratio = shape.pixelShape
        context.pointee.color_range = shape.range
        context.pointee.colorspace = shape.space
        context.pointee.color_primaries = shape.primaries
        context.pointee.color_trc = shape.transfer
        context.pointee.chroma_sample_location = shape.chromaPlace
        context.pointee.gop_size = CInt(max(1, (av_q2d(rate) * Double(keySeconds)).rounded()))
        if shape.isInterlaced { context.pointee.flags |= libav_flag_interlaced }
    }

    /// Options of the encoder `name`. The pictures it looks ahead at are what takes its memory.
    func options(_ name: String) -> [(String, String)] {
        let isLarge = shape.pixelCount > Self.largePicture
        let isHuge = shape.pixelCount > Self.hugePicture
        if name == "libx264" {
            guard isHuge else { return [("preset", isLarge ? "veryfast" : "fast"), ("crf", "18")] }
            return [("preset", "ultrafast"), ("coder", "1"), ("8x8dct", "1"), ("crf", "18")]
        }
        return [
            ("b", "0"), ("crf", isLarge ? "20" : "18"), ("deadline", isLarge ? "realtime" : "good"),
            ("cpu-used", isHuge ? "8" : isLarge ? "6" : "4"), ("lag-in-frames", isLarge ? "0" : "16"),
            ("auto-alt-ref", isLarge ? "0" : "1"),
        ]
    }
}
