import Glibc

/// A file descriptor that is closed exactly once, when nobody uses it any longer.
final class OpenDescriptor: Sendable {
    /// The descriptor. Its file position is never used.
    let number: CInt

    /// Takes over an open descriptor.
    init(_ number: CInt) { self.number = number }

    deinit { _ = Glibc.close(number) }

    /// What the system knows about the file; nil when it does not say, with `errno` set.
    var facts: stat? {
        var facts = stat()
        return unsafe fstat(number, &facts) == 0 ? facts : nil
    }
}
