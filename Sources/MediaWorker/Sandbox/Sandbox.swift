import CLinux
import Glibc

/// Gives up, for good, everything a worker does not need: done before the first byte of the input is read.
enum Sandbox {
    /// `nobody` on every distribution we know.
    private static let nobody: uid_t = 65534
    private static let memory: UInt = 768 << 20

    /// Closes the sandbox. False when a part of it that must hold could not be set.
    ///
    /// - Parameters:
    ///   - asksForSource: whether the input is a socket on which the film's bytes are asked for.
    ///   - outputBytes: the most bytes that may be written into the file on standard output; nil for a job that makes
    ///     none.
    static func close(processorSeconds: UInt, asksForSource: Bool, outputBytes: UInt64? = nil) -> Bool {
        guard linux_no_new_privileges() == 0, linux_close_from(3) == 0 else { return false }
        _ = chdir("/")
        leaveNetwork()
        resetSignals()
        return dropUser() && linux_not_dumpable() == 0 && limit(processorSeconds, UInt(outputBytes ?? 0))
            && SystemCallFilter.install(asksForSource: asksForSource, writesFile: outputBytes != nil)
    }

    /// Best effort: without the right to it, the system call filter alone keeps the network away. Root does not go by a
    /// user namespace: in one without a mapping it could not become nobody, and would stay root outside.
    private static func leaveNetwork() {
        _ = isRoot ? linux_leave_network() : linux_leave_network_as_user()
    }

    /// A crash is the end: Swift's own crash report needs what the filter refuses, and would try for ever.
    private static func resetSignals() {
        for number in [SIGSEGV, SIGBUS, SIGILL, SIGABRT, SIGFPE, SIGTRAP, SIGQUIT, SIGXCPU, SIGALRM, SIGPIPE] {
            _ = signal(number, SIG_DFL)
        }
        // A file that grows too large is an error of that write, not the end.
        _ = signal(SIGXFSZ, SIG_IGN)
    }

    /// Root becomes nobody; an ordinary user stays who it is.
    private static func dropUser() -> Bool {
        guard isRoot else { return true }
        return linux_forget_groups() == 0 && setgid(nobody) == 0 && setuid(nobody) == 0 && setuid(0) != 0
    }

    private static var isRoot: Bool { getuid() == 0 || geteuid() == 0 }

    private static func limit(_ processorSeconds: UInt, _ fileBytes: UInt) -> Bool {
        let limits: [(CInt, UInt, UInt)] = [
            (linux_limit_memory, memory, memory),
            (linux_limit_processor, processorSeconds, processorSeconds &+ 1),
            (linux_limit_file_size, fileBytes, fileBytes),
            (linux_limit_descriptors, 16, 16),
            (linux_limit_processes, 0, 0),
            (linux_limit_core, 0, 0),
        ]
        return limits.allSatisfy { linux_limit($0.0, $0.1, $0.2) == 0 }
    }
}
