/// What a cut has become.
public struct CutFacts: Codable, Equatable, Sendable {
    /// A stream of the film that is not in the cut.
    public struct LeftOut: Codable, Equatable, Sendable {
        /// What it carries.
        public let kind: StreamFacts.Kind
        /// libav's name of its codec.
        public let codec: String

        /// A stream by its parts.
        public init(kind: StreamFacts.Kind, codec: String) {
            self.kind = kind
            self.codec = codec
        }
    }

    /// The asked start, in seconds from the film's beginning.
    public var start: Double
    /// The asked end, in seconds from the film's beginning.
    public var end: Double
    /// Where the first picture (of a sound: packet) in the file lies in the film, in seconds: the key frame at or before
    /// `start`.
    public var actualStart: Double
    /// Whether players begin at `start` all the same, because the file tells them to (an edit list).
    public var beginsAsAsked: Bool
    /// Seconds that are shown.
    public var duration: Double
    /// Bytes of the file.
    public var bytes: UInt64
    /// The container's common name, as in `MediaFacts`.
    public var container: String
    /// The usual ending of such a file, without a dot.
    public var fileExtension: String
    /// Streams of the film that the container cannot hold, or that were not asked for.
    public var leftOut: [LeftOut]
    /// Whether the film's pictures are to be turned, and the container cannot say so.
    public var losesRotation: Bool

    /// What the cut does not have of the film, as sentences.
    public var notes: [String] {
        var notes: [String] = []
        if !beginsAsAsked, actualStart < start - 0.0005 {
            notes.append("It begins \(Self.text(start - actualStart)) s before the asked start, at a key frame.")
        }
        for stream in leftOut where stream.kind == .subtitle || stream.kind == .audio {
            let name = stream.kind == .subtitle ? "Subtitles" : "Sound"
            notes.append("\(name) (\(stream.codec)) cannot be kept in \(fileExtension).")
        }
        if losesRotation { notes.append("That the picture is turned cannot be kept in \(fileExtension).") }
        return notes
    }

    private static func text(_ seconds: Double) -> String {
        let thousandths = Int((min(seconds, 1e9) * 1000).rounded())
        let rest = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
