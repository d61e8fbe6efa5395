/// Tells the job runner that there may be work, so that it does not wait for its next look.
struct WorkSignal: Sendable {
    /// One element per wake-up; several become one while nobody looks.
    let wakeUps: AsyncStream<Void>
    private let source: AsyncStream<Void>.Continuation

    init() { (wakeUps, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// Wakes the runner.
    func wake() { source.yield() }

    /// Ends the stream.
    func finish() { source.finish() }
}
