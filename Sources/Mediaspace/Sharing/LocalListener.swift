import Foundation
import Synchronization

/// The socket in a space's directory at which other processes hand in their wishes.
///
/// Only the directory's owner can reach it: its folder lets nobody else in.
final class LocalListener: Sendable {
    private let descriptor: CInt
    private let path: String
    private let isClosed = Atomic<Bool>(false)

    /// Listens; whatever lay at the path is replaced, since the caller holds the lock.
    init(path: String) throws(SpaceError) {
        FileRemoval.file(path)
        let descriptor = LocalSocketAddress.makeSocket()
        let bound = unsafe LocalSocketAddress(path: path).with { unsafe bind(descriptor, $0, $1) }
        guard bound == 0, unsafe chmod(path, 0o600) == 0, listen(descriptor, 64) == 0 else {
            let code = errno
            _ = Glibc.close(descriptor)
            throw SpaceError(.unavailable, "\(path) cannot be listened at (error \(code)).")
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Hands every connection to `accepted`, on a thread of its own, until closed.
    func start(_ accepted: @escaping @Sendable (LocalConnection) -> Void) {
        let thread = Thread { [self] in
            while !isClosed.load(ordering: .acquiring) {
                let peer = accept(descriptor, nil, nil)
                if peer >= 0 {
                    _ = fcntl(peer, F_SETFD, FD_CLOEXEC)
                    accepted(LocalConnection(owning: peer))
                } else if errno == EMFILE || errno == ENFILE {
                    usleep(100_000)
                } else if errno != EINTR && errno != ECONNABORTED {
                    return
                }
            }
        }
        thread.name = "mediaspace"
        thread.start()
    }

    /// Stops listening and removes the socket.
    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        FileRemoval.file(path)
        _ = shutdown(descriptor, CInt(SHUT_RDWR))
    }
}
