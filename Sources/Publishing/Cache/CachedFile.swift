import Foundation

/// An open cache file: owns the descriptor and closes it when the last holder lets go.
///
/// The file may vanish from the folder at any time; the bytes stay readable through this value.
public final class CachedFile: Sendable {
    /// An open, readable descriptor; positions are never moved (`pread` only).
    public let descriptor: CInt
    /// The file's length in bytes.
    public let size: Int64

    /// Takes ownership of `descriptor`.
    init(owning descriptor: CInt, size: Int64) {
        self.descriptor = descriptor
        self.size = size
    }

    /// A path that opens this very file in this process, even after its name has gone from the folder.
    public var path: String { "/proc/self/fd/\(descriptor)" }

    deinit { close(descriptor) }
}
