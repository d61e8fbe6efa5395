import CLibAV

extension LibAV {
    /// The encoders that are allowed, by libav's names.
    static let encoders = [
        "libx264", "libvpx-vp9", "aac", "libopus", "libmp3lame", "flac", "pcm_s16le", "pcm_s24le", "mjpeg",
    ]

    /// The listed encoder of this name; nil when libav was built without it.
    static func encoder(_ name: String) -> UnsafePointer<AVCodec>? {
        encoders.contains(name) ? avcodec_find_encoder_by_name(name) : nil
    }
}
