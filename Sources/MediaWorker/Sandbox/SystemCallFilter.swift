import CLinux
import Glibc

/// The system calls that decoding a film from an open descriptor takes; all others are refused with `EPERM`.
enum SystemCallFilter {
    /// Harmless in any form: they reach nothing outside the process.
    private static let free = [
        "brk", "munmap", "mremap", "madvise", "futex", "clock_gettime", "gettimeofday", "time", "getrandom", "exit",
        "exit_group", "rt_sigreturn", "rt_sigprocmask", "sigaltstack", "sched_yield", "restart_syscall", "getppid",
    ]

    /// Installs the filter. False when the kernel does not take it.
    ///
    /// - Parameters:
    ///   - asksForSource: whether standard input is a socket on which bytes are asked for, not a file.
    ///   - writesFile: whether standard output is a file that is written, and read again, at offsets.
    static func install(asksForSource: Bool, writesFile: Bool) -> Bool {
        guard let filter = linux_filter_refusing(EPERM) else { return false }
        defer { seccomp_release(filter) }
        var isComplete = free.allSatisfy { linux_filter_allow(filter, $0) == 0 }
        // The input is read only, unless it has to be asked; the answer and complaints are written only.
        for name in asksForSource ? ["read", "write"] : ["read", "pread64", "lseek"] {
            isComplete = isComplete && linux_filter_allow_equal(filter, name, 0, 0) == 0
        }
        for descriptor: UInt in [1, 2] {
            isComplete = isComplete && linux_filter_allow_equal(filter, "write", 0, descriptor) == 0
        }
        if writesFile {
            for name in ["pread64", "pwrite64"] {
                isComplete = isComplete && linux_filter_allow_equal(filter, name, 0, 1) == 0
            }
        }
        // Memory, but none that can be run.
        for name in ["mmap", "mprotect"] {
            isComplete = isComplete && linux_filter_allow_without(filter, name, 2, UInt(PROT_EXEC)) == 0
        }
        return isComplete && seccomp_load(filter) == 0
    }
}
