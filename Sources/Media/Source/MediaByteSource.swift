/// A film that is not a file here: its bytes are had one after the other, from a swarm or another place.
///
/// A worker asks for them in any order, one ask at a time, and never beyond `size`. What is had of an offset must
/// always be the same: the worker may ask again.
public protocol MediaByteSource: Sendable {
    /// Length in bytes.
    var size: UInt64 { get }

    /// 1...`count` bytes from `offset` on; fewer than `count` where only fewer are at hand soon.
    ///
    /// - Parameters:
    ///   - offset: less than `size`.
    ///   - count: 1...65,536, never beyond the end.
    /// - Throws: when the bytes cannot be had: the job ends, and what the error says becomes the detail of its
    ///   `MediaError`.
    func bytes(at offset: UInt64, upTo count: Int) async throws -> [UInt8]
}
