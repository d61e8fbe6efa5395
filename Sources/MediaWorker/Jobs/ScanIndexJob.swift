import CLibAV
import ClipIndex
import Media

/// The clip index from all packets, for every container: one pass, nothing decoded, memory bounded by the builder.
enum ScanIndexJob {
    static func run(_ source: SourceFile, _ deadline: Deadline) throws(MediaError) -> FilmIndex {
        let origin = try beginning(of: source, deadline)
        let film = try Demuxer(source, deadline, streams: .inElementary)
        if film.leavesOutTimes { try findTimes(in: film) }
        guard let packet = av_packet_alloc() else { throw MediaError(.workerFailed, detail: "memory") }
        var freed: UnsafeMutablePointer<AVPacket>? = packet
        defer { av_packet_free(&freed) }

        let boxes = [.mp4, .mov].contains(film.container) ? MovieBoxes(source) : nil
        let layout = ScanLayout(source, film, boxes)
        var scan = PacketScan(layout, size: source.size)
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
        scan.finish()
        guard scan.packetCount > 0 else { throw MediaError(.broken, detail: "no packet") }
        let headers = try headerRanges(layout, source, scan, deadline)
        return scan.builder.build(headerRanges: headers, access: layout.access, origin: origin)
    }

    /// When the film begins on its own timeline: the same moment from which cuts of it count.
    private static func beginning(of source: SourceFile, _ deadline: Deadline) throws(MediaError) -> Int64 {
        FilmClock(try Demuxer(source, deadline, streams: .always)).origin
    }

    /// Has libav give packets the times at which they are shown, which takes knowing in which order they are.
    private static func findTimes(in film: Demuxer) throws(MediaError) {
        if !film.isElementary { try film.findStreams() }
        if av_seek_frame(film.context, -1, 0, AVSEEK_FLAG_BYTE) < 0 {
            _ = av_seek_frame(film.context, -1, 0, libav_seek_backward)
        }
        film.context.pointee.flags |= AVFMT_FLAG_GENPTS
    }

    private static func headerRanges(
        _ layout: ScanLayout, _ source: SourceFile, _ scan: PacketScan, _ deadline: Deadline
    ) throws(MediaError) -> [Range<UInt64>] {
        switch layout.headers {
        case .opening: try OpeningReads(source, deadline).ranges
        case .fixed(let ranges): ranges
        case .beforePackets: [0..<min(scan.firstOffset, ScanLayout.headerLimit)]
        case .allStreams: [0..<min(scan.allStreamsSeen ?? scan.firstOffset, ScanLayout.headerLimit)]
        }
    }
}
