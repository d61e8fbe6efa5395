/// Codecs and containers as people call them.
enum CodecNames {
    private static let codecs = [
        "h264": "H.264", "hevc": "H.265 (HEVC)", "av1": "AV1", "vp8": "VP8", "vp9": "VP9", "mpeg4": "MPEG-4 Part 2",
        "mpeg1video": "MPEG-1", "mpeg2video": "MPEG-2", "msmpeg4v1": "MS MPEG-4 v1", "msmpeg4v2": "MS MPEG-4 v2",
        "msmpeg4v3": "MS MPEG-4 v3", "msmpeg4": "MS MPEG-4", "wmv1": "Windows Media Video 7",
        "wmv2": "Windows Media Video 8", "wmv3": "Windows Media Video 9", "vc1": "VC-1", "flv1": "Sorenson Spark",
        "h263": "H.263", "theora": "Theora", "mjpeg": "Motion JPEG", "aac": "AAC", "mp2": "MP2", "mp3": "MP3",
        "opus": "Opus", "vorbis": "Vorbis", "ac3": "AC-3", "eac3": "E-AC-3", "dts": "DTS", "flac": "FLAC",
        "alac": "ALAC", "wmav1": "Windows Media Audio 1", "wmav2": "Windows Media Audio 2", "pcm_s16le": "PCM, 16 bit",
        "pcm_s16be": "PCM, 16 bit", "pcm_s24le": "PCM, 24 bit", "pcm_f32le": "PCM, 32 bit float",
        "pcm_u8": "PCM, 8 bit", "pcm_alaw": "A-law", "pcm_mulaw": "µ-law", "none": "unknown",
    ]

    private static let containers = [
        "mp4": "MP4", "mov": "QuickTime", "matroska": "Matroska", "webm": "WebM", "avi": "AVI",
        "mpegts": "MPEG transport stream", "mpeg": "MPEG program stream", "flv": "Flash Video",
        "asf": "ASF (Windows Media)",
        "ogg": "Ogg", "mp3": "MP3", "wav": "WAV", "flac": "FLAC", "aac": "AAC",
    ]

    /// libav's name of a codec in words.
    static func codec(_ name: String) -> String { codecs[name] ?? name }

    /// A container in words.
    static func container(_ name: String) -> String { containers[name] ?? name }

    /// A number of channels in words.
    static func channels(_ count: Int) -> String {
        switch count {
        case 1: "mono"
        case 2: "stereo"
        case 6: "5.1"
        case 8: "7.1"
        default: "\(count) channels"
        }
    }
}
