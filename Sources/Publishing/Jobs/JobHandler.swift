import Catalog

/// One kind of background work.
protocol JobHandler: Sendable {
    /// Does the job. Returning ends it; throwing gives it back, to be tried again by anyone. May be cancelled at any
    /// time, and must come to the same end when done twice.
    func perform(_ job: Job) async throws
}
