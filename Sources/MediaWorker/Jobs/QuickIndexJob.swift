import CLibAV
import ClipIndex
import Media

/// The clip index from tables alone, where the container has them: no packet is read, no codec touched.
enum QuickIndexJob {
    static func run(_ source: SourceFile, _ deadline: Deadline) throws(MediaError) -> FilmIndex? {
        guard let head = source.bytes(at: 0, count: 12) else {
            throw MediaError(.notAVideo, detail: "too short")
        }
        let isInterleave = head.starts(with: Array("RIFF".utf8))
        guard let builder = isInterleave ? InterleaveTables.chunks(source) : MovieTables.samples(source),
            let opening = try? OpeningReads(source, deadline)
        else { return nil }
        let index = builder.build(headerRanges: opening.ranges, access: .tables, origin: opening.origin)
        return index.streams.contains { !$0.buckets.isEmpty } ? index : nil
    }
}
