import CLibAV
import Media

extension Demuxer {
    /// Opens `source` as `guide` says, and stands where the clip's media begins; without a guide at the film's beginning.
    ///
    /// - Parameter anchor: which of the streams the clip begins with; nil for none.
    convenience init(
        _ source: SourceFile, _ deadline: Deadline, _ guide: CutGuide?,
        anchor: ([UnsafeMutablePointer<AVStream>]) -> UnsafeMutablePointer<AVStream>?
    ) throws(MediaError) {
        if let splice = guide?.splice {
            try self.init(source, deadline, splice)
        } else if let guide, !guide.ranges.isEmpty {
            source.bounds = guide.ranges
            try self.init(source, deadline, streams: .never, .exact)
            try goToMedia(guide, in: source, anchor: anchor(streams))
            if !knowsStreams { try findStreams() }
        } else {
            try self.init(source, deadline, streams: .always)
        }
    }

    /// Opens headers and media as one short film, which is read once.
    private convenience init(
        _ source: SourceFile, _ deadline: Deadline, _ splice: CutGuide.Splice
    ) throws(MediaError) {
        guard splice.offset <= source.size else { throw MediaError(.broken, detail: "splice outside the film") }
        let start = splice.place - splice.offset
        try self.init(source, deadline, streams: .never, .stream(start)) { container, isElementary in
            // Where headers hold packets too, these say what the streams are, and are passed over before the media begins:
            // what is cut off at their end must not run into it.
            let isCutUp = container == .mpegts || (container == .mpeg && !isElementary)
            if splice.place > splice.offset, isCutUp { source.end = splice.offset }
        }
        if source.end != source.size {
            try? findStreams()
            try readPastHeaders()
            if streams.isEmpty || !streams.allSatisfy(\.isKnown) { try findStreams() }
            return
        }
        try findStreams()
        if container == .mpeg {
            // Now that it is known in which order pictures are stored, all of them get their times.
            beginAgain(at: start)
        }
    }

    /// Goes to the key frame at which the media begins, by the film's own tables.
    private func goToMedia(
        _ guide: CutGuide, in source: SourceFile, anchor: UnsafeMutablePointer<AVStream>?
    ) throws(MediaError) {
        guard let anchor else { return }
        let others = streams.filter { $0 != anchor && $0.pointee.discard != AVDISCARD_ALL }
        for stream in others { stream.pointee.discard = AVDISCARD_ALL }
        defer { for stream in others { stream.pointee.discard = AVDISCARD_DEFAULT } }
        let clock = FilmClock(origin: guide.origin)
        // Demuxers guess how far decoding runs ahead of showing, and may end at the key frame before: from there nothing
        // may be read. The first microsecond is for rounding.
        for delay in stride(from: Int64(1), to: 2_000_000, by: 10_000) {
            let stamp = clock.stamp(guide.begin + delay, in: anchor.pointee.time_base)
            func seek() -> Bool { av_seek_frame(context, anchor.pointee.index, stamp, libav_seek_backward) >= 0 }
            guard seek() else { break }
            if try standsInside(source) {
                // What was read to see this comes again.
                guard seek() else { break }
                return
            }
        }
        throw MediaError(.broken, detail: "no key frame where the index says")
    }

    /// Whether the next packet may be read.
    private func standsInside(_ source: SourceFile) throws(MediaError) -> Bool {
        guard let packet = av_packet_alloc() else { throw MediaError(.workerFailed, detail: "memory") }
        var freed: UnsafeMutablePointer<AVPacket>? = packet
        defer { av_packet_free(&freed) }
        source.wasOutside = false
        return av_read_frame(context, packet) >= 0 && !source.wasOutside
    }

    /// Whether all packets of pictures and sounds that a clip needs lie where `guide` says it may be read, by the film's
    /// own tables: an index that names too little must not leave holes.
    func hasPackets(
        of streams: [UnsafeMutablePointer<AVStream>], from first: KeyFrame, _ interval: Range<Int64>, in guide: CutGuide
    ) -> Bool {
        guard guide.splice == nil, !guide.ranges.isEmpty else { return true }
        let clock = FilmClock(origin: guide.origin)
        return streams.allSatisfy { stream in
            let kind = stream.named.kind
            guard kind == .audio || kind == .video else { return true }
            let base = stream.pointee.time_base
            // Pictures are decoded before they are shown, so the last ones may be shown after the end.
            let end = clock.stamp(interval.upperBound - (kind == .video ? Self.reordering : 0), in: base)
            let start = clock.stamp(max(first.time, interval.lowerBound), in: base)
            var index = max(0, av_index_search_timestamp(stream, start, libav_seek_backward | AVSEEK_FLAG_ANY))
            while let entry = avformat_index_get_entry(stream, index)?.pointee, entry.timestamp < end {
                guard let place = UInt64(exactly: entry.pos), guide.ranges.contains(where: { $0.contains(place) })
                else {
                    return false
                }
                index += 1
            }
            return true
        }
    }

    /// How far decoding may run ahead of showing, in microseconds.
    private static let reordering: Int64 = 1_000_000

    /// Whether the headers have said all that a copy needs.
    private var knowsStreams: Bool {
        guard container == .mp4 || container == .mov else { return false }
        return streams.allSatisfy(\.isKnown)
    }
}

extension UnsafeMutablePointer<AVStream> {
    /// Whether it is known what it is, as far as a copy needs that.
    fileprivate var isKnown: Bool {
        let parameters = pointee.codecpar.pointee
        switch parameters.codec_type {
        case AVMEDIA_TYPE_VIDEO:
            let isBare =
                [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MPEG4, AV_CODEC_ID_AV1]
                .contains(parameters.codec_id) && parameters.extradata_size <= 0
            return parameters.codec_id != AV_CODEC_ID_NONE && parameters.width > 0 && !isBare
        case AVMEDIA_TYPE_AUDIO:
            return parameters.codec_id != AV_CODEC_ID_NONE && parameters.sample_rate > 0
                && libav_channels(pointee.codecpar) > 0
        default: return true
        }
    }
}
