import NIOCore
import NIOPosix

/// The event loop threads that servers run on; several servers may share them.
public final class ServerThreads: Sendable {
    let group: MultiThreadedEventLoopGroup

    /// That many threads; by default one per core.
    public init(count: Int? = nil) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: count ?? System.coreCount)
    }

    /// Stops the threads, after the servers on them have stopped.
    public func shutdown() async throws {
        try await group.shutdownGracefully()
    }
}
