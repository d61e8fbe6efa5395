extension MediaWorkerClient {
    /// A client of the same program and with the same limits whose jobs neither wait for those of this one nor hold them
    /// up; no worker is kept waiting for its cuts.
    ///
    /// - Parameter concurrency: How many workers it runs at once, at least one.
    public func apart(concurrency: Int) -> MediaWorkerClient {
        MediaWorkerClient(
            executable: process.executable, limits: process.limits, concurrency: concurrency, logger: process.logger)
    }
}
