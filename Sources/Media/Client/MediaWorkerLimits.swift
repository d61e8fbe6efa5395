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

    /// Limits from their parts.
    public init(probe: Job, quickIndex: Job, scanIndex: Job, thumbnail: Job, cut: Job) {
        self.probe = probe
        self.quickIndex = quickIndex
        self.scanIndex = scanIndex
        self.thumbnail = thumbnail
        self.cut = cut
    }

    /// Probe 15 s, tables 20 s, thumbnail 15 s of processor; a scan 5 minutes of processor within 30 by the clock,
    /// a cut 10 within an hour.
    public static let standard = MediaWorkerLimits(
        probe: Job(processorSeconds: 15, wallSeconds: 30, answerBytes: 256 << 10),
        quickIndex: Job(processorSeconds: 20, wallSeconds: 60, answerBytes: 32 << 20),
        scanIndex: Job(processorSeconds: 300, wallSeconds: 1800, answerBytes: 32 << 20),
        thumbnail: Job(processorSeconds: 15, wallSeconds: 60, answerBytes: 512_000),
        cut: Job(processorSeconds: 600, wallSeconds: 3600, answerBytes: 16 << 10))

    /// The limits of `job`.
    public func limits(of job: WorkerJob) -> Job {
        switch job {
        case .probe: probe
        case .quickIndex: quickIndex
        case .scanIndex: scanIndex
        case .thumbnail: thumbnail
        case .cut: cut
        #if DEBUG
            case .fault: probe
        #endif
        }
    }
}
