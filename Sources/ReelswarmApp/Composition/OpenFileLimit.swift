import Glibc

/// How many files and sockets the process may have open.
enum OpenFileLimit {
    /// Raises the soft limit to the hard one: a server needs a descriptor for each connection, and many systems begin
    /// with 1,024.
    static func raise() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 1 << 20)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
