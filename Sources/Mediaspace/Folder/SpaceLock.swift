import Glibc

/// The lock that makes one process the owner of a space. It ends with the process, however that ends.
final class SpaceLock: Sendable {
    private let descriptor: CInt

    private init(owning descriptor: CInt) { self.descriptor = descriptor }

    deinit { _ = close(descriptor) }

    /// Takes the lock; nil when another holds it. Throws when the file cannot be made.
    static func take(_ folder: SpaceFolder) throws(SpaceError) -> SpaceLock? {
        try folder.create()
        let descriptor = unsafe open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            // The one who leaves removes an empty folder; then it is made anew at the next attempt.
            if errno == ENOENT { return nil }
            throw SpaceError(.unavailable, "\(folder.lock) cannot be opened (error \(errno)).")
        }
        let lock = SpaceLock(owning: descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
        return lock.isAt(folder.lock) ? lock : nil
    }

    /// Lets another process have it.
    func release() { _ = flock(descriptor, LOCK_UN) }

    /// Whether the file by that name is still the locked one: the last owner may have removed it in between.
    private func isAt(_ path: String) -> Bool {
        var held = stat()
        var named = stat()
        guard unsafe fstat(descriptor, &held) == 0, unsafe lstat(path, &named) == 0 else { return false }
        return held.st_ino == named.st_ino && held.st_dev == named.st_dev
    }
}
