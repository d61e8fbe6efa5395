extension Space {
    /// How something stands. Throws `unknown` for what the space does not know.
    public func status(of id: MediaID) async throws(SpaceError) -> MediaStatus {
        guard case .statuses(let statuses) = try await member.perform(.status(id)), let status = statuses.first else {
            throw .unknown(id)
        }
        return status
    }

    /// How everything stands that the space knows, in the order of the ids.
    public func statuses() async throws(SpaceError) -> [MediaStatus] {
        guard case .statuses(let statuses) = try await member.perform(.statuses) else { return [] }
        return statuses
    }

    /// How everything stands, now and then at an interval, until the space is closed or nobody reads any more.
    public func statuses(every interval: Duration) -> AsyncStream<[MediaStatus]> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let task = Task { [self] in
                while !Task.isCancelled, let statuses = try? await statuses() {
                    continuation.yield(statuses)
                    try? await Task.sleep(for: interval)
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// How something stands: now, at each change, and else at most twice a second, until the space is closed.
    public func changes(of id: MediaID) async throws(SpaceError) -> AsyncStream<MediaStatus> {
        guard folder.contains(id) else { throw .unknown(id) }
        return try await member.changes(of: id)
    }
}
