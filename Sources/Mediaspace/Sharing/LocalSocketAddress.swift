import Glibc

/// A socket in the file system. Its name may be longer than the 107 bytes that fit into an address: then it is reached
/// through a descriptor of its folder.
struct LocalSocketAddress {
    private static let longest = 107
    let path: String

    /// Calls `body` with the address; returns what that returns, or -1 when there is no such folder.
    func with(_ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
        guard path.utf8.count > Self.longest else { return unsafe Self.with(path, body) }
        let folder = unsafe open(path.parentFolder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return -1 }
        defer { _ = close(folder) }
        return unsafe Self.with("/proc/self/fd/\(folder)/\(path.lastComponent)", body)
    }

    private static func with(_ name: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(name.utf8.prefix(longest))
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    static func makeSocket() -> CInt {
        socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    }
}
