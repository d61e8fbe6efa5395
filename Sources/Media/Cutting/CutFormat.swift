/// What a cut is written as: a container, for everything in the film or for its sound alone.
public struct CutFormat: Hashable, Sendable {
    /// The container.
    public let container: Container
    /// Whether pictures and subtitles are left out.
    public let soundOnly: Bool

    /// A container for everything it can hold, or for sound alone. Some containers hold nothing but one sound.
    public init(_ container: Container, soundOnly: Bool = false) {
        self.container = container
        self.soundOnly = soundOnly || Self.single.contains(container)
    }

    /// The format that the ending of a file's name asks for; nil for an ending that says nothing.
    public init?(fileName: String) {
        let name = fileName.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex,
            let format = Self.endings[name[name.index(after: dot)...].lowercased()]
        else { return nil }
        self = format
    }

    /// Whether it holds one sound and nothing else, cover art apart.
    public var holdsOneStream: Bool { Self.single.contains(container) }

    /// Whether players can be told to begin within it (an edit list, ISO/IEC 14496-12, 8.6.6): only then does a cut
    /// begin at the asked time rather than at the key frame before.
    public var beginsAnywhere: Bool { container == .mp4 || container == .mov }

    /// Whether it keeps cover art beside the film.
    public var holdsCover: Bool { [.mp4, .mp3, .flac].contains(container) }

    /// Whether it remembers that a picture is to be turned.
    public var keepsRotation: Bool { container == .mp4 || container == .mov }

    /// The usual ending of such a file, without a dot.
    public var fileExtension: String {
        switch container {
        case .matroska: soundOnly ? "mka" : "mkv"
        case .ogg: soundOnly ? "ogg" : "ogv"
        default: container.fileExtension(isVideo: !soundOnly, codecs: [])
        }
    }

    private static let single: Set<Container> = [.mp3, .flac, .wav, .aac]

    private static let endings: [String: CutFormat] = [
        "mp4": CutFormat(.mp4), "m4v": CutFormat(.mp4), "mov": CutFormat(.mov), "qt": CutFormat(.mov),
        "mkv": CutFormat(.matroska), "webm": CutFormat(.webm), "ts": CutFormat(.mpegts), "avi": CutFormat(.avi),
        "mpg": CutFormat(.mpeg), "mpeg": CutFormat(.mpeg), "flv": CutFormat(.flv), "wmv": CutFormat(.asf),
        "asf": CutFormat(.asf), "ogv": CutFormat(.ogg), "ogg": CutFormat(.ogg, soundOnly: true),
        "oga": CutFormat(.ogg, soundOnly: true), "opus": CutFormat(.ogg, soundOnly: true),
        "m4a": CutFormat(.mp4, soundOnly: true), "m4b": CutFormat(.mp4, soundOnly: true),
        "mka": CutFormat(.matroska, soundOnly: true), "wma": CutFormat(.asf, soundOnly: true), "mp3": CutFormat(.mp3),
        "flac": CutFormat(.flac), "wav": CutFormat(.wav), "aac": CutFormat(.aac),
    ]
}

extension CutFormat: LosslessStringConvertible {
    /// The container's name, with `.sound` where the rest is left out.
    public var description: String { container.rawValue + (soundOnly && !holdsOneStream ? ".sound" : "") }

    /// The format of a description; nil for anything else.
    public init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false)
        guard let container = parts.first.flatMap({ Container(rawValue: String($0)) }) else { return nil }
        guard parts.count == 1 || (parts.count == 2 && parts[1] == "sound") else { return nil }
        self.init(container, soundOnly: parts.count == 2)
    }
}
