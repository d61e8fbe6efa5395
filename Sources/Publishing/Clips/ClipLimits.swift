/// What cutting for visitors may take of the machine.
public struct ClipLimits: Sendable {
    /// Fast cuts at one time, each by a worker of its own.
    public var atOnce = 2
    /// Exact cuts at one time: these take minutes, and nobody's fast cut waits for them.
    public var exactAtOnce = 2
    /// Large clips that are sent while they are cut, at one time: slow readers hold these, and nothing else.
    public var largeAtOnce = 4
    /// Cuts that wait; one more is refused.
    public var waiting = 16
    /// Cuts that one address waits for, or is sent, at one time.
    public var perClient = 2
    /// How many of them may be exact.
    public var exactPerClient = 1
    /// The longest exact clip in seconds.
    public var longestExact = 600.0
    /// Clips larger than this are sent while they are cut, in bytes.
    public var largestFile: Int64 = 512 << 20
    /// The largest exact clip in bytes.
    public var largestExact: Int64 = 2 << 30
    /// Bytes a second that whoever is sent a large clip has to take, after a minute.
    public var leastRate: Int64 = 32 << 10
    /// Bytes of finished clips that are kept or being sent.
    public var keptBytes: Int64 = 2 << 30
    /// Seconds for which a finished clip is kept after it was last asked for.
    public var keptSeconds = 600
    /// Bytes of the disk that cuts leave free.
    public var diskReserve: Int64 = 256 << 20
    /// Bytes of decoded indexes in memory.
    public var indexBytes = 32 << 20
    /// Seconds between two looks at whether the film of a running cut is still published.
    public var watchSeconds = 1.5

    /// The defaults.
    public init() {}
}
