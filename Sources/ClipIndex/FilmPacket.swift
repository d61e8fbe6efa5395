/// One packet of a film, as a demuxer or a container's tables name it.
public struct FilmPacket: Sendable, Equatable {
    /// The stream's number in the container.
    public var stream: Int
    /// Microseconds at which it is presented, on the container's own timeline.
    public var time: Int64
    /// Microseconds for which it is presented; zero when not known.
    public var duration: Int64
    /// The file offset of its first byte.
    public var offset: UInt64
    /// The file offset after its last byte.
    public var end: UInt64
    /// Whether a picture can start here; only looked at in video streams.
    public var isKey: Bool

    /// A packet from its parts.
    public init(stream: Int, time: Int64, duration: Int64, offset: UInt64, end: UInt64, isKey: Bool) {
        self.stream = stream
        self.time = time
        self.duration = duration
        self.offset = offset
        self.end = end
        self.isKey = isKey
    }
}
