/// Where the bytes of a film come from for one HTTP answer.
public enum MediaBody: Sendable {
    /// Writes exactly the bytes of a range of the film, in order, in parts of at most 256 KiB; `write` is
    /// back-pressured.
    public typealias Reader =
        @Sendable (_ range: Range<Int64>, _ write: ([UInt8]) async throws -> Void) async throws -> Void

    /// The cache file.
    case file(CachedFile)
    /// The chunks in the database; the cache file is being rebuilt meanwhile.
    case chunks(size: Int64, Reader)
}
