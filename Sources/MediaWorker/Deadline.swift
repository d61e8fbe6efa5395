import Glibc

/// The moment at which work is given up by itself, a little before the client or the kernel would end it.
struct Deadline {
    private let wallEnd: Int
    private let processorEnd: Int

    /// So many seconds from now by the clock, or of the processor in all, whichever comes first.
    init(wallSeconds: Int, processorSeconds: Int) {
        wallEnd = Self.seconds(CLOCK_MONOTONIC) + max(1, wallSeconds - 1)
        processorEnd = max(1, processorSeconds - 1)
    }

    var hasPassed: Bool {
        Self.seconds(CLOCK_MONOTONIC) >= wallEnd || Self.seconds(CLOCK_PROCESS_CPUTIME_ID) >= processorEnd
    }

    private static func seconds(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec
    }
}
