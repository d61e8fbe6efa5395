/// What each kind of job may use.
public struct MediaWorkerLimits: Sendable {
    /// Limits of one job.
    public struct Job: Sendable, Equatable {
        /// Processor seconds, held by the kernel.
        public var processorSeconds: Int
        /// Seconds by the clock from start to answer, held by the client.
        public var wallSeconds: Int
        /// The longest answer in bytes.
        public var answerBytes: Int

        /// Limits from their parts.
        public init(processorSeconds: Int, wallSeconds: Int, answerBytes: Int) {
            self.processorSeconds = processorSeconds
            self.wallSeconds = wallSeconds
            self.answerBytes = answerBytes
        }
    }

    /// Limits of a probe: it reads at most some megabytes.
    public var probe: Job
    /// Limits of reading a container's tables.
    public var quickIndex: Job
    /// Limits of reading a whole film.
    public var scanIndex: Job
    /// Limits of decoding some frames.
    public var thumbnail: Job
    /// Limits of copying a part of a film.
    public var cut: Job
    /// Limits of encoding a part of a film anew.
    public var exact: Job
    /// Limits of decoding key frames all over a film.
    public var storyboard: Job
    /// Seconds by the clock that any job may take over a `MediaByteSource`, whose bytes may come slowly.
    public var sourceWallSeconds = 86_400

    /// Limits from their parts.
    public init(
        probe: Job, quickIndex: Job, scanIndex: Job, thumbnail: Job, cut: Job, exact: Job = standard.exact,
        storyboard: Job = standard.storyboard
    ) {
        self.probe = probe
        self.quickIndex = quickIndex
        self.scanIndex = scanIndex
        self.thumbnail = thumbnail
        self.cut = cut
        self.exact = exact
        self.storyboard = storyboard
    }

    /// Probe 15 s, tables 20 s, thumbnail 15 s of processor; a scan 5 minutes of processor within 30 by the clock,
    /// a cut 10 within an hour, an exact one an hour within two, a storyboard 2 minutes within 10.
    public static let standard = MediaWorkerLimits(
        probe: Job(processorSeconds: 15, wallSeconds: 30, answerBytes: 256 << 10),
        quickIndex: Job(processorSeconds: 20, wallSeconds: 60, answerBytes: 32 << 20),
        scanIndex: Job(processorSeconds: 300, wallSeconds: 1800, answerBytes: 32 << 20),
        thumbnail: Job(processorSeconds: 15, wallSeconds: 60, answerBytes: 512_000),
        cut: Job(processorSeconds: 600, wallSeconds: 3600, answerBytes: 16 << 10),
        exact: Job(processorSeconds: 3600, wallSeconds: 7200, answerBytes: 16 << 10),
        storyboard: Job(processorSeconds: 120, wallSeconds: 600, answerBytes: 600_000))

    /// The limits of `job`.
    public func limits(of job: WorkerJob) -> Job {
        switch job {
        case .probe: probe
        case .quickIndex: quickIndex
        case .scanIndex: scanIndex
        case .thumbnail: thumbnail
        case .storyboard: storyboard
        case .cut(let order): order.mode == .exact ? exact : cut
        #if DEBUG
            case .fault: probe
        #endif
        }
    }
}
