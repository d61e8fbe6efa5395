import ByteCoding
import Metainfo

/// The bytes of the file that keeps swarms over a restart.
///
/// `RSTRACK1`, when it was written (seconds since 1970), the seed of the tracker's client tags, then for each swarm its
/// hash, its completed downloads, the length of its snapshot and the snapshot; integers in network order.
enum SwarmStateFile {
    /// One swarm as it is kept.
    struct Record: Equatable, Sendable {
        let hash: InfoHash
        let completed: UInt64
        let snapshot: [UInt8]
    }

    /// What a file holds.
    struct Content: Equatable, Sendable {
        var savedAt: UInt64
        var tagSeed: UInt64
        var records: [Record] = []
        /// False when the file ends in the middle of a swarm; those before it are good.
        var isWhole = true
    }

    private static let magic = Array("RSTRACK1".utf8)

    /// What stands before the swarms.
    static func head(savedAt: UInt64, tagSeed: UInt64) -> [UInt8] {
        var bytes = magic
        bytes.append(bigEndian: savedAt)
        bytes.append(bigEndian: tagSeed)
        return bytes
    }

    /// Appends one swarm.
    static func append(_ record: Record, to bytes: inout [UInt8]) {
        guard let length = UInt32(exactly: record.snapshot.count) else { return }
        record.hash.append(to: &bytes)
        bytes.append(bigEndian: record.completed)
        bytes.append(bigEndian: length)
        bytes += record.snapshot
    }

    /// Reads a file; nil when it is no such file.
    static func parse(_ bytes: [UInt8]) -> Content? {
        var reader = ByteReader(bytes.span)
        do throws(ByteReaderError) {
            guard try reader.readBytes(magic.count) == magic else { return nil }
            var content = Content(savedAt: try reader.read(), tagSeed: try reader.read())
            readRecords(from: &reader, into: &content)
            return content
        } catch {
            return nil
        }
    }

    private static func readRecords(from reader: inout ByteReader, into content: inout Content) {
        while reader.remaining > 0 {
            do throws(ByteReaderError) {
                let hash = try InfoHash(from: &reader)
                let completed = try reader.read(UInt64.self)
                let length = Int(try reader.read(UInt32.self))
                content.records.append(
                    Record(hash: hash, completed: completed, snapshot: try reader.readBytes(length)))
            } catch {
                content.isWhole = false
                return
            }
        }
    }
}
