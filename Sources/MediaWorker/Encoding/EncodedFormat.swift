import Media

/// How a container's clips are encoded: libav's names of the encoders.
struct EncodedFormat {
    /// Nil when it holds no pictures.
    let picture: String?
    let sound: String
    /// Whether the file tells players how much of the first sound is the encoder's own beginning.
    let tellsPriming: Bool

    /// Nil for a container that clips are not encoded for.
    init?(_ format: CutFormat) {
        guard format.isEncodable else { return nil }
        switch format.container {
        case .mp4, .mov: (picture, sound, tellsPriming) = ("libx264", "aac", true)
        case .matroska, .mpegts, .flv: (picture, sound, tellsPriming) = ("libx264", "aac", false)
        case .webm: (picture, sound, tellsPriming) = ("libvpx-vp9", "libopus", true)
        case .ogg: (picture, sound, tellsPriming) = (nil, "libopus", true)
        case .mp3: (picture, sound, tellsPriming) = (nil, "libmp3lame", true)
        case .flac: (picture, sound, tellsPriming) = (nil, "flac", true)
        case .wav: (picture, sound, tellsPriming) = (nil, "pcm_s16le", true)
        case .aac: (picture, sound, tellsPriming) = (nil, "aac", false)
        case .avi, .mpeg, .asf: return nil
        }
    }
}
