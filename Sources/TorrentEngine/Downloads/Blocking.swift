import NIOPosix

/// Work that blocks, awaited from a task without holding one of its threads.
enum Blocking {
    /// Runs `body` on a thread that may wait.
    static func run<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in
            NIOThreadPool.singleton.submit { _ in continuation.resume(returning: body()) }
        }
    }
}
