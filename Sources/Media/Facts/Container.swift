/// The containers that are read, each by a demuxer of the allow-list. The raw value is the name in
/// `MediaFacts.container`; the order is the number a worker sends.
public enum Container: String, CaseIterable, Sendable {
    case mp4, mov, matroska, webm, avi, mpegts, mpeg, flv, asf, ogg, mp3, wav, flac, aac

    /// The type a file is served with, from what its streams are.
    func mediaType(isVideo: Bool) -> String {
        switch self {
        case .mp4: isVideo ? "video/mp4" : "audio/mp4"
        case .mov: isVideo ? "video/quicktime" : "audio/mp4"
        case .matroska: isVideo ? "video/x-matroska" : "audio/x-matroska"
        case .webm: isVideo ? "video/webm" : "audio/webm"
        case .avi: "video/x-msvideo"
        case .mpegts: "video/mp2t"
        case .mpeg: "video/mpeg"
        case .flv: "video/x-flv"
        case .asf: isVideo ? "video/x-ms-asf" : "audio/x-ms-wma"
        case .ogg: isVideo ? "video/ogg" : "audio/ogg"
        case .mp3: "audio/mpeg"
        case .wav: "audio/wav"
        case .flac: "audio/flac"
        case .aac: "audio/aac"
        }
    }

    /// The usual extension of such a file, from what its streams are.
    func fileExtension(isVideo: Bool, codecs: Set<String>) -> String {
        switch self {
        case .mp4: isVideo ? "mp4" : "m4a"
        case .mov: isVideo ? "mov" : "m4a"
        case .matroska: isVideo ? "mkv" : "mka"
        case .webm: "webm"
        case .avi: "avi"
        case .mpegts: "ts"
        case .mpeg: "mpg"
        case .flv: "flv"
        case .asf where isVideo: codecs.isDisjoint(with: ["wmv1", "wmv2", "wmv3", "vc1"]) ? "asf" : "wmv"
        case .asf: "wma"
        case .ogg where isVideo: "ogv"
        case .ogg: codecs == ["opus"] ? "opus" : "ogg"
        case .mp3: "mp3"
        case .wav: "wav"
        case .flac: "flac"
        case .aac: "aac"
        }
    }

    /// Whether common browsers play this container with all of these picture and sound codecs.
    func playsInBrowsers(codecs: Set<String>) -> Bool {
        switch self {
        case .mp4, .mov: codecs.isSubset(of: ["h264", "av1", "vp9", "aac", "mp3", "opus", "flac"])
        case .webm: codecs.isSubset(of: ["vp8", "vp9", "av1", "opus", "vorbis"])
        case .ogg: codecs.isSubset(of: ["vorbis", "opus", "flac"])
        case .mp3: codecs == ["mp3"]
        case .wav: codecs.isSubset(of: ["pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_f32le"])
        case .flac: codecs == ["flac"]
        case .aac: codecs == ["aac"]
        case .matroska, .avi, .mpegts, .mpeg, .flv, .asf: false
        }
    }
}
