/// The limits of one torrent, or of the engine, in both directions.
struct RateLimit: Sendable {
    private var download: TokenBucket
    private var upload: TokenBucket

    /// Bytes a second; nil: without limit.
    init(download: Int?, upload: Int?, now: ContinuousClock.Instant) {
        self.download = TokenBucket(rate: download, now: now)
        self.upload = TokenBucket(rate: upload, now: now)
    }

    /// Goes on with other rates.
    mutating func set(download: Int?, upload: Int?, now: ContinuousClock.Instant) {
        self.download.setRate(download, now: now)
        self.upload.setRate(upload, now: now)
    }

    subscript(direction: TransferDirection) -> TokenBucket {
        get { direction == .download ? download : upload }
        set { if direction == .download { download = newValue } else { upload = newValue } }
    }
}
