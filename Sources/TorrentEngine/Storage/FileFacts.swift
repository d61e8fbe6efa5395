/// What tells whether a file was changed by somebody else.
struct FileFacts: Hashable, Sendable {
    /// Length in bytes.
    let size: Int64
    /// When it was last written, in nanoseconds since 1970 UTC.
    let modified: Int64
}
