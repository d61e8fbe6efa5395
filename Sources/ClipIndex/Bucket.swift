/// One moment of a stream and the bytes on both sides of it.
public struct Bucket: Sendable, Equatable {
    /// Microseconds since the film's start; slightly negative for priming samples before it.
    public var time: Int64
    /// The least file offset of any packet of the stream at or after `time`, and of any caption that is still shown
    /// then; equal to `high` when there is none.
    public var low: UInt64
    /// The greatest end of any packet of the stream before `time`; zero when there is none.
    public var high: UInt64
    /// Whether a video key frame is shown at `time`: only there can a picture start. False for other streams.
    public var isKey: Bool

    /// A bucket from its four parts.
    public init(time: Int64, low: UInt64, high: UInt64, isKey: Bool) {
        self.time = time
        self.low = low
        self.high = high
        self.isKey = isKey
    }
}
