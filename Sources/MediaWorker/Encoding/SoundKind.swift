import CLibAV

/// How a sound encoder is set up for what is to be encoded.
struct SoundKind {
    /// libav's name of the encoder.
    let encoder: String
    private let format: AVSampleFormat
    private let rates: [CInt]
    private let most: CInt
    private let takesAllLayouts: Bool
    /// Bits per second and channel; zero where nothing is lost.
    private let bitsPerChannel: Int64

    /// The kind `name`; sound without loss keeps 24 bits where the source has more than 16.
    init(_ name: String, _ frame: UnsafeMutablePointer<AVFrame>) {
        let isFine = [AV_SAMPLE_FMT_S32, AV_SAMPLE_FMT_S32P].contains(AVSampleFormat(frame.pointee.format))
        encoder = name == "pcm_s16le" && isFine ? "pcm_s24le" : name
        takesAllLayouts = bitsPerChannelOf(name) == 0
        bitsPerChannel = bitsPerChannelOf(name)
        switch name {
        case "libopus": (format, rates, most) = (AV_SAMPLE_FMT_FLT, [48_000], 6)
        case "libmp3lame": (format, rates, most) = (AV_SAMPLE_FMT_FLTP, [32_000, 44_100, 48_000], 2)
        case "aac":
            (format, rates, most) = (AV_SAMPLE_FMT_FLTP, [16_000, 22_050, 24_000, 32_000, 44_100, 48_000], 6)
        default: (format, rates, most) = (isFine ? AV_SAMPLE_FMT_S32 : AV_SAMPLE_FMT_S16, [], 8)
        }
    }

    /// Sets `context` up for frames like this one.
    func configure(_ context: UnsafeMutablePointer<AVCodecContext>, _ frame: UnsafeMutablePointer<AVFrame>) {
        let rate = frame.pointee.sample_rate
        context.pointee.sample_fmt = format
        context.pointee.sample_rate = rates.isEmpty ? rate : rates.first { $0 >= rate } ?? rates.last ?? rate
        context.pointee.time_base = AVRational(num: 1, den: context.pointee.sample_rate)
        _ = libav_choose_layout(context, frame, most, takesAllLayouts ? 1 : 0)
        if bitsPerChannel > 0 {
            context.pointee.bit_rate = bitsPerChannel * Int64(context.pointee.ch_layout.nb_channels)
        } else if format == AV_SAMPLE_FMT_S32 {
            context.pointee.bits_per_raw_sample = 24
        }
    }
}

private func bitsPerChannelOf(_ name: String) -> Int64 {
    switch name {
    case "aac", "libmp3lame": 96_000
    case "libopus": 80_000
    default: 0
    }
}
