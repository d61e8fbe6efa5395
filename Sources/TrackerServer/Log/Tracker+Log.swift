extension Tracker {
    /// The latest announces that pass a filter, newest first. The log reaches back 8,192 announces in all, and is empty
    /// for the time in which the policy's `logsAnnounces` was false.
    ///
    /// - Parameter limit: how many are listed at most.
    public func announces(matching filter: AnnounceFilter = AnnounceFilter(), limit: Int = 100) -> [AnnounceRecord] {
        logic.log.records(matching: filter, limit: limit)
    }

    /// What the tracker has seen that speaks for its being reached; noted whether announces are logged or not.
    public var evidence: TrackerEvidence { logic.log.evidence }
}
