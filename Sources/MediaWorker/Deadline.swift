import Glibc

/// The moment at which work is given up by itself, a little before the client or the kernel would end it.
final class Deadline {
    private let wallEnd: Int64
    private let processorEnd: Int64
    private var hasUsedProcessor = false
    private var nextLook: Int64 = 0
    private static let second: Int64 = 1_000_000_000
    /// Asking for the processor's time is a system call, and this is asked for each packet.
    private static let pause: Int64 = 50_000_000

    /// So many seconds from now by the clock, or of the processor in all, whichever comes first.
    init(wallSeconds: Int, processorSeconds: Int) {
        wallEnd = Self.now(CLOCK_MONOTONIC) + Int64(max(1, wallSeconds - 1)) * Self.second
        processorEnd = Int64(max(1, processorSeconds - 1)) * Self.second
    }

    var hasPassed: Bool {
        let now = Self.now(CLOCK_MONOTONIC)
        if now >= nextLook, !hasUsedProcessor {
            nextLook = now + Self.pause
            hasUsedProcessor = Self.now(CLOCK_PROCESS_CPUTIME_ID) >= processorEnd
        }
        return hasUsedProcessor || now >= wallEnd
    }

    /// Nanoseconds.
    private static func now(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * second + Int64(time.tv_nsec)
    }
}
