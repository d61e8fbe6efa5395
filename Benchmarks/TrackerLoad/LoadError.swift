import Glibc

/// Why a run cannot be done.
struct LoadError: Error {
    let sentence: String

    /// A failure of a system call, by `errno`.
    static func system(_ call: String) -> LoadError {
        let code = errno
        guard let text = unsafe strerror(code) else { return LoadError(sentence: "\(call): error \(code)") }
        return LoadError(sentence: "\(call): \(unsafe String(cString: text))")
    }
}
