import Glibc

/// A thread of our own, for loops that wait in system calls; joined in `join`.
final class SocketThread: Sendable {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let thread: pthread_t

    /// Starts the thread. Nil when the machine has no more threads to give.
    init?(_ run: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let body = unsafe Unmanaged.passRetained(Body(run: run))
        let result = unsafe pthread_create(
            &thread, nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            }, body.toOpaque())
        guard result == 0 else {
            unsafe body.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits for the end of the thread. Call it once.
    func join() { _ = pthread_join(thread, nil) }
}
