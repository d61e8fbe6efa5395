extension MediaCache {
    /// Writes to a spool file on a thread that may block. When the disk is full, least recently used cache files are
    /// given up and the write is tried again: an upload counts more than a copy. Throws `storageFull` when nothing is
    /// left.
    nonisolated func write(_ bytes: [UInt8], to spool: SpoolFile, at offset: Int64) async throws(PublishingError) {
        while true {
            do {
                return try await BlockingWork.run { () throws(FileError) in try spool.write(bytes, at: offset) }
            } catch {
                guard error.isDiskFull, await giveUp(atLeast: 64 << 20) else { throw PublishingError(error) }
            }
        }
    }
}
