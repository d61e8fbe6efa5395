import CLibAV

/// What is the same for every use of libav here.
enum LibAV {
    /// The demuxers that are allowed, by libav's names.
    static let demuxers = [
        "mov", "matroska", "avi", "mpegts", "mpeg", "mpegvideo", "flv", "asf", "ogg", "mp3", "wav", "flac", "aac",
    ]

    /// The decoders that are allowed, by libav's names: no other code that looks inside pictures and sounds is run.
    static let decoders = [
        "h264", "hevc", "vp8", "vp9", "libdav1d", "mpeg4", "mpeg1video", "mpeg2video", "msmpeg4v1", "msmpeg4v2",
        "msmpeg4", "wmv1", "wmv2", "wmv3", "vc1", "flv", "h263", "theora", "mjpeg", "aac", "mp2float", "mp2",
        "mp3float", "mp3", "opus", "vorbis", "ac3", "eac3", "dca", "flac", "alac", "wmav1", "wmav2", "pcm_s16le",
        "pcm_s16be", "pcm_s24le", "pcm_f32le", "pcm_u8", "pcm_alaw", "pcm_mulaw",
    ]

    static let maxPixels: Int64 = 8192 * 8192

    /// Called once, before the sandbox closes.
    static func prepare() {
        libav_be_silent()
    }

    /// The listed decoder for `codec`; nil when none is.
    static func decoder(for codec: AVCodecID) -> UnsafePointer<AVCodec>? {
        for name in decoders {
            if let decoder = avcodec_find_decoder_by_name(name), decoder.pointee.id == codec { return decoder }
        }
        return nil
    }

    static func error(_ code: CInt) -> String { "libav \(code)" }

    /// `time` of `base` in microseconds; nil when there is none.
    static func microseconds(_ time: Int64, _ base: AVRational) -> Int64? {
        guard time != libav_no_time, base.num > 0, base.den > 0 else { return nil }
        let scaled = av_rescale_q(time, base, AVRational(num: 1, den: 1_000_000))
        return scaled == .min ? nil : scaled
    }
}
