import ClipIndex
import Media

/// How the packets of a container lie in it, for whoever begins to read in the middle.
struct ScanLayout {
    /// What has to be read before packets.
    enum Headers {
        /// What a demuxer is seen to read.
        case opening
        case fixed([Range<UInt64>])
        /// All that comes before the first packet.
        case beforePackets
        /// All that comes before packets of all streams have begun: only they say which streams there are.
        case allStreams
    }

    /// Where a reader can begin that wants the packet at an offset.
    enum Starts {
        /// At the packet.
        case packets
        /// At the packet of its stream before it: where packets are cut up, one piece holds an end and a beginning, and
        /// the time that it tells would be taken for the end's.
        case packetsBefore
        case clusters(MatroskaClusters)
        /// At these offsets.
        case fragments([UInt64])
    }

    let access: FilmAccess
    let headers: Headers
    let starts: Starts
    /// Whether each packet lies in one piece.
    let keepsPacketsWhole: Bool
    /// More than this is no header: cover art of sounds is the largest that there is.
    static let headerLimit: UInt64 = 32 << 20

    init(_ source: SourceFile, _ film: Demuxer, _ boxes: MovieBoxes?) {
        keepsPacketsWhole = film.isElementary || ![.mpegts, .mpeg, .ogg, .asf].contains(film.container)
        switch film.container {
        case .mp4, .mov:
            let fragments = boxes.flatMap { $0.hasFragments ? $0 : nil }
            access = fragments == nil ? .tables : .stream
            headers = fragments.map { .fixed($0.fragmentHeaders) } ?? .opening
            starts = fragments.map { .fragments($0.fragmentStarts) } ?? .packets
        case .avi: (access, headers, starts) = (.tables, .opening, .packets)
        case .matroska, .webm:
            (access, headers) = (.stream, .fixed(MatroskaElements(source).headerRanges))
            starts = .clusters(MatroskaClusters(source))
        case .mpeg where film.isElementary:
            (access, starts) = (.counted, .packets)
            headers = .fixed([StreamStart.sequenceHeader(of: source)].compactMap { $0 })
        case .mpegts, .mpeg: (access, headers, starts) = (.stream, .allStreams, .packetsBefore)
        case .flv: (access, headers, starts) = (.stream, .allStreams, .packets)
        case .asf, .ogg, .flac: (access, headers, starts) = (.stream, .beforePackets, .packets)
        case .mp3, .wav, .aac: (access, headers, starts) = (.counted, .beforePackets, .packets)
        }
    }
}
