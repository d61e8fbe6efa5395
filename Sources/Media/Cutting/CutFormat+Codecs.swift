extension CutFormat {
    /// Whether a stream can be written into it as it is, so that common players understand it.
    ///
    /// - Parameters:
    ///   - codec: libav's name of the codec.
    ///   - kind: what the stream carries.
    public func holds(_ codec: String, _ kind: StreamFacts.Kind) -> Bool {
        switch kind {
        case .other: false
        case .picture: holdsCover && ["mjpeg", "png"].contains(codec)
        case .subtitle: !soundOnly && Self.subtitles[container, default: []].contains(codec)
        case .video: !soundOnly && Self.allows(codec, Self.pictures[container])
        case .audio: Self.allows(codec, soundOnly && container == .mp4 ? Self.mp4Sounds : Self.sounds[container])
        }
    }

    /// The endings of containers that hold all of these streams, the most common first; for sound alone when there is
    /// no picture among them.
    public static func endings(for streams: [(codec: String, kind: StreamFacts.Kind)]) -> [String] {
        let soundOnly = !streams.contains { $0.kind == .video }
        let candidates: [CutFormat] =
            soundOnly
            ? [
                CutFormat(.mp4, soundOnly: true), CutFormat(.mp3), CutFormat(.flac), CutFormat(.ogg, soundOnly: true),
                CutFormat(.wav), CutFormat(.matroska, soundOnly: true),
            ] : [.mp4, .webm, .mov, .mpegts, .matroska].map { CutFormat($0) }
        return candidates.filter { format in
            streams.allSatisfy { format.holds($0.codec, $0.kind) } && (streams.count == 1 || !format.holdsOneStream)
        }.map(\.fileExtension)
    }

    private static func allows(_ codec: String, _ list: Set<String>?) -> Bool {
        codec != "none" && (list?.contains(codec) ?? true)
    }

    private static let pcm: Set<String> = [
        "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_u8", "pcm_f32le", "pcm_f64le", "pcm_alaw", "pcm_mulaw",
    ]

    /// Picture codecs of each container; those that are not here take nearly all, as libav knows best.
    private static let pictures: [Container: Set<String>] = [
        .mp4: ["h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mpeg1video"],
        .mov: [
            "h264", "hevc", "mpeg4", "mpeg2video", "mjpeg", "prores", "dnxhd", "h263", "svq3", "dvvideo", "rawvideo",
        ],
        .webm: ["vp8", "vp9", "av1"],
        .mpegts: ["h264", "hevc", "mpeg4", "mpeg2video", "mpeg1video"], .mpeg: ["mpeg1video", "mpeg2video", "h264"],
        .flv: ["h264", "flv1", "vp6f"], .ogg: ["theora", "vp8"], .mp3: [], .wav: [], .flac: [],
        .aac: [],
    ]

    private static let mp4Sounds: Set<String> = ["aac", "alac", "ac3"]

    /// Sound codecs of each container, likewise.
    private static let sounds: [Container: Set<String>] = [
        .mp4: ["aac", "mp3", "mp2", "ac3", "eac3", "alac", "opus", "flac"],
        .mov: pcm.union(["aac", "mp3", "mp2", "ac3", "eac3", "alac", "pcm_s16be", "pcm_s24be", "adpcm_ima_qt"]),
        .webm: ["opus", "vorbis"],
        .mpegts: ["aac", "mp3", "mp2", "ac3", "eac3", "dts", "opus"], .mpeg: ["mp2", "mp3", "ac3", "dts"],
        .flv: ["aac", "mp3"], .ogg: ["vorbis", "opus", "flac", "speex"], .mp3: ["mp3"],
        .wav: pcm.union(["adpcm_ms", "adpcm_ima_wav"]), .flac: ["flac"], .aac: ["aac"],
    ]

    private static let subtitles: [Container: Set<String>] = [
        .mp4: ["mov_text"], .mov: ["mov_text"], .webm: ["webvtt"], .mpegts: ["dvb_subtitle", "dvb_teletext"],
        .matroska: ["subrip", "ass", "ssa", "webvtt", "dvd_subtitle", "hdmv_pgs_subtitle", "dvb_subtitle"],
    ]
}
