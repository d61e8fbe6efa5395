import CLibAV
import ClipIndex
import Media

/// The clip index from all packets, for every container: one pass, nothing decoded, memory bounded by the builder.
enum ScanIndexJob {
    /// Bytes between two packets that count as the later one's: cluster, page and fragment headers.
    private static let headerLimit: UInt64 = 1 << 20

    static func run(_ source: SourceFile, _ deadline: Deadline) throws(MediaError) -> FilmIndex {
        source.keepsLog = true
        let film = try Demuxer(source, deadline, streams: .inElementary)
        source.keepsLog = false
        guard let packet = av_packet_alloc() else { throw MediaError(.workerFailed, detail: "memory") }
        var freed: UnsafeMutablePointer<AVPacket>? = packet
        defer { av_packet_free(&freed) }

        var scan = PacketScan()
        while true {
            let status = av_read_frame(film.context, packet)
            if status == libav_again { continue }
            if deadline.hasPassed || status == libav_interrupted {
                throw MediaError(.timedOut, detail: "scan")
            }
            // A damaged end is the end: what was read before it is the film.
            guard status >= 0 else { break }
            scan.take(packet.pointee, of: film)
            av_packet_unref(packet)
        }
        guard scan.packetCount > 0 else { throw MediaError(.broken, detail: "no packet") }
        return scan.builder.build(headerRanges: headerRanges(of: film.container, source, scan))
    }

    private static func headerRanges(
        of container: Container, _ source: SourceFile, _ scan: PacketScan
    ) -> [Range<UInt64>] {
        switch container {
        case .mp4, .mov: return MovieBoxes(source).headerRanges
        case .matroska, .webm: return MatroskaElements(source).headerRanges
        default:
            let first = min(scan.firstOffset, headerLimit)
            return source.log + (first > 0 ? [0..<first] : [])
        }
    }

    /// What is remembered from packet to packet.
    struct PacketScan {
        var builder = FilmIndexBuilder(kinds: [])
        var packetCount = 0
        var firstOffset = UInt64.max
        private var lastEnd: UInt64 = 0
        private var lastTimes: [Int: Int64] = [:]

        mutating func take(_ packet: AVPacket, of film: Demuxer) {
            let index = Int(packet.stream_index)
            let streams = film.streams
            guard streams.indices.contains(index), packet.size > 0 else { return }
            while builder.streamCount < streams.count {
                builder.addStream(Self.kind(streams[builder.streamCount].pointee.codecpar.pointee.codec_type))
            }
            let stream = streams[index].pointee
            guard stream.disposition & libav_disposition_picture == 0 else { return }
            let stamp = packet.pts != libav_no_time ? packet.pts : packet.dts
            let time = LibAV.microseconds(stamp, stream.time_base) ?? lastTimes[index] ?? 0
            let duration = LibAV.microseconds(packet.duration, stream.time_base) ?? 0
            let range = bytes(of: packet, readTo: film.isElementary ? 0 : film.position)
            packetCount += 1
            lastTimes[index] = time
            builder.add(
                FilmPacket(
                    stream: index, time: time, duration: max(0, duration), offset: range.lowerBound,
                    end: range.upperBound, isKey: packet.flags & libav_packet_key != 0))
        }

        /// From the end of what came before to where the demuxer stands now (in elementary streams to the packet's own
        /// end): what belongs to a packet besides its payload lies in between. Containers that cut packets up (MPEG-TS) thus get ranges that are too wide, never
        /// too narrow.
        private mutating func bytes(of packet: AVPacket, readTo position: UInt64) -> Range<UInt64> {
            let own = packet.pos >= 0 ? UInt64(packet.pos) : lastEnd
            firstOffset = min(firstOffset, own)
            let start = lastEnd > 0 && own >= lastEnd && own - lastEnd <= ScanIndexJob.headerLimit ? lastEnd : own
            let end = max(position, packet.pos >= 0 ? own + UInt64(packet.size) : 0, start + 1)
            lastEnd = max(lastEnd, end)
            return start..<end
        }

        private static func kind(_ type: AVMediaType) -> StreamKind {
            switch type {
            case AVMEDIA_TYPE_VIDEO: .video
            case AVMEDIA_TYPE_AUDIO: .audio
            case AVMEDIA_TYPE_SUBTITLE: .subtitle
            default: .other
            }
        }
    }
}
