import Media

/// What a clip is written as, named by the ending of its address.
public struct ClipFormat: Hashable, Sendable {
    /// The ending, in lower case and without a dot: `mp4`, `webm`, `m4a` ...
    public let ending: String
    /// The type it is served with: `video/mp4`, `audio/mpeg` ...
    public let mediaType: String
    let format: CutFormat

    /// The format that an ending names; nil for one that names none.
    public init?(ending: String) {
        guard let mediaType = Self.mediaTypes[ending], let format = CutFormat(fileName: "clip." + ending) else {
            return nil
        }
        self.ending = ending
        self.mediaType = mediaType
        self.format = format
    }

    /// Whether it holds sound and nothing else.
    public var soundOnly: Bool { format.soundOnly }

    private static let mediaTypes = [
        "mp4": "video/mp4", "m4v": "video/mp4",
        "webm": "video/webm", "mkv": "video/x-matroska",
        "mov": "video/quicktime", "qt": "video/quicktime", "ts": "video/mp2t", "avi": "video/x-msvideo",
        "mpg": "video/mpeg", "mpeg": "video/mpeg",
        "flv": "video/x-flv", "asf": "video/x-ms-asf", "wmv": "video/x-ms-asf", "ogv": "video/ogg",
        "m4a": "audio/mp4", "m4b": "audio/mp4", "mp3": "audio/mpeg", "ogg": "audio/ogg", "oga": "audio/ogg",
        "opus": "audio/ogg",
        "flac": "audio/flac", "wav": "audio/wav", "aac": "audio/aac", "mka": "audio/x-matroska",
        "wma": "audio/x-ms-wma",
    ]
}
