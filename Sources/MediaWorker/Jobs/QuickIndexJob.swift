import CLibAV
import ClipIndex
import Media

/// The clip index from tables alone, where the container has them: no packet is read, no codec touched.
enum QuickIndexJob {
    static func run(_ source: SourceFile) throws(MediaError) -> FilmIndex? {
        guard let head = source.bytes(at: 0, count: 12) else {
            throw MediaError(.notAVideo, detail: "too short")
        }
        if head.starts(with: Array("RIFF".utf8)) { return checked(InterleaveTables.index(source)) }
        return checked(MovieTables.index(source))
    }

    private static func checked(_ index: FilmIndex?) -> FilmIndex? {
        guard let index, index.streams.contains(where: { !$0.buckets.isEmpty }) else { return nil }
        return index
    }
}
