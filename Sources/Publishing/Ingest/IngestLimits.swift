/// Bounds of the way in. Memory per upload is about `spoolBufferLength`, plus `batchLength` for each of the
/// `concurrentBatches` uploads that are writing to the database at that moment.
public struct IngestLimits: Sendable {
    /// Bytes gathered before they are written to the spool file.
    public var spoolBufferLength: Int = 256 << 10
    /// Bytes of one COPY: a multiple of ``chunkLength``, at most 4 MiB.
    public var batchLength: Int = 2 << 20
    /// Batches of one upload on their way to the database at one time: while one is stored, the next is read.
    public var batchesPerUpload: Int = 2
    /// Batches in memory at one time, over all uploads.
    public var concurrentBatches: Int = 3
    /// How far the spool may run ahead of the database before the client is slowed down, in bytes.
    public var spoolLead: Int64 = 16 << 20
    /// Bytes in a row of `media_chunks`.
    public var chunkLength: Int = 256 << 10
    /// Seconds between two heartbeats of an upload.
    public var heartbeatSeconds: Int = 15

    /// The defaults.
    public init() {}
}
