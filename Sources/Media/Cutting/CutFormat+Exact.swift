extension CutFormat {
    /// Whether a clip can be encoded anew into it.
    public var isEncodable: Bool {
        Self.encodable.contains(container) && (soundOnly || !Self.soundsAlone.contains(container))
    }

    /// Whether it is written from front to back, so that it can be sent while it is being made.
    public var isAppendOnly: Bool { container != .avi && container != .asf }

    /// The endings of what clips are encoded as, the most common first.
    public static func exactEndings(soundOnly: Bool) -> [String] {
        soundOnly
            ? ["m4a", "mp3", "ogg", "opus", "flac", "wav", "aac", "mka"] : ["mp4", "webm", "mkv", "mov", "ts", "flv"]
    }

    /// The kinds of sound alone that are encoded.
    private static let soundsAlone: Set<Container> = [.ogg, .mp3, .flac, .wav, .aac]
    private static let encodable: Set<Container> = soundsAlone.union([.mp4, .mov, .matroska, .webm, .mpegts, .flv])
}
