import Dispatch

/// Threads for calls that may block on a disk, so that the threads of Swift's tasks never do.
enum BlockingWork {
    private static let queue = DispatchQueue(label: "publishing files", attributes: .concurrent)

    /// Runs `body` on such a thread.
    static func run<T: Sendable, E: Error>(
        _ body: @escaping @Sendable () throws(E) -> T
    ) async throws(E) -> T {
        let result: Result<T, E> = await withCheckedContinuation { done in
            queue.async { done.resume(returning: Result(catching: body)) }
        }
        return try result.get()
    }
}
