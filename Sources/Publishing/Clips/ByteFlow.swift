/// Bytes that come one after the other, from something that is still being made.
protocol ByteFlow: Sendable {
    /// Some bytes from `offset` on, which is where the last ones ended; waits for them. Nil after the last. Throws what
    /// ended the making.
    func bytes(at offset: Int64) async throws -> [UInt8]?
}
