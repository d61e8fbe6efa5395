import Catalog
import Postgres

/// The bytes of a range of a content, chunk by chunk. Four chunks are fetched at a time, when they are asked for, so a
/// slow reader holds 1 MiB and no connection.
public struct ChunkSequence: AsyncSequence, Sendable {
    /// Some consecutive bytes, never none.
    public typealias Element = [UInt8]
    /// What may go wrong.
    public typealias Failure = StoreError

    let database: Database
    let mediaID: MediaID
    let range: Range<Int64>

    /// Begins at the first byte of the range.
    public func makeAsyncIterator() -> Iterator { Iterator(database: database, mediaID: mediaID, range: range) }

    /// Fetches the next chunks when those it has are used up.
    public struct Iterator: AsyncIteratorProtocol {
        private static let batch: Int64 = 4

        private let database: Database
        private let mediaID: MediaID
        private let end: Int64
        private var position: Int64
        private var chunkSize: Int64?
        private var rows: ArraySlice<Row> = []

        init(database: Database, mediaID: MediaID, range: Range<Int64>) {
            self.database = database
            self.mediaID = mediaID
            position = Swift.max(0, range.lowerBound)
            end = range.upperBound
        }

        /// The next bytes; nil after the last.
        public mutating func next() async throws(StoreError) -> [UInt8]? {
            guard position < end else { return nil }
            let size = try await sizeOfChunks()
            if rows.isEmpty { rows = try await fetch(size) }
            guard let row = rows.popFirst() else { throw .missing("part of the film") }
            return try await take(row, size: size)
        }

        private mutating func sizeOfChunks() async throws(StoreError) -> Int64 {
            if let chunkSize { return chunkSize }
            let found: Int64? = try await storing {
                try await database.first("SELECT chunk_size FROM media WHERE id = \(mediaID.rawValue)")?.column(0)
            }
            guard let found, found > 0 else { throw .missing("film") }
            chunkSize = found
            return found
        }

        private func fetch(_ size: Int64) async throws(StoreError) -> ArraySlice<Row> {
            let first = position / size
            let last = Swift.min(first + Self.batch - 1, (end - 1) / size)
            guard last <= Int64(Int32.max) else { throw .missing("part of the film") }
            return try await storing {
                try await database.rows(
                    """
                    SELECT sequence, data FROM media_chunks
                    WHERE media_id = \(mediaID.rawValue) AND sequence BETWEEN \(first) AND \(last) ORDER BY sequence
                    """)[...]
            }
        }

        /// The part of a chunk that lies in the range. The chunk must be the one that comes next.
        private mutating func take(_ row: Row, size: Int64) async throws(StoreError) -> [UInt8] {
            let (sequence, data): (Int64, [UInt8]) = try await storing { (try row.column(0), try row.column(1)) }
            let start = sequence * size
            let offset = position - start
            guard offset >= 0, offset < Int64(data.count) else { throw .missing("part of the film") }
            let stop = Swift.min(Int64(data.count), end - start)
            position += stop - offset
            return offset == 0 && stop == Int64(data.count) ? data : Array(data[Int(offset)..<Int(stop)])
        }
    }
}
