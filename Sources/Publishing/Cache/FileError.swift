import Foundation

/// A failed file operation.
struct FileError: Error, Equatable {
    /// `errno` of the call.
    let code: CInt

    /// The error of the call that just failed.
    static var last: FileError { FileError(code: errno) }

    /// Whether the disk (or the user's share of it) is full.
    var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

    /// The system's words, without a path.
    var message: String { unsafe String(cString: strerror(code)) }
}

extension PublishingError {
    /// What a file of the cache folder that cannot be made, written or read means for the one who uploads or asks.
    init(_ error: FileError) {
        self = error.isDiskFull ? PublishingError(.storageFull) : .fault("A file of the cache folder: \(error.message)")
    }
}
