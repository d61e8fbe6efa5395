import CLibAV
import Media

/// One open film: a demuxer of the allow-list over our own input. Closed when the value goes away.
///
/// libav gets no name, no protocol and no way to open anything.
final class Demuxer {
    let context: UnsafeMutablePointer<AVFormatContext>
    let container: Container
    /// Whether the file is one bare stream: its packets follow each other without any framing or times.
    let isElementary: Bool
    private let input: DemuxerInput
    private let deadline: Deadline

    /// How far to read beyond the headers to learn what the streams are. Where a scan of all packets follows, only
    /// elementary streams need it: they have times only once their rate is known.
    enum StreamSearch {
        case always, inElementary, never
    }

    /// Finds out what `source` is and opens it.
    ///
    /// Throws `notAVideo` for what no listed demuxer takes, `broken` for what it cannot read.
    ///
    /// - Parameter beforeOpening: called when it is known what the film is, before more than a look was taken at it.
    init(
        _ source: SourceFile, _ deadline: Deadline, streams search: StreamSearch, _ form: DemuxerInput.Form = .file,
        beforeOpening: (_ container: Container, _ isElementary: Bool) -> Void = { _, _ in }
    ) throws(MediaError) {
        let format: UnsafePointer<AVInputFormat>
        if case .stream = form {
            format = try DemuxerInput(source, deadline).probedFormat()
            input = try DemuxerInput(source, deadline, form)
        } else {
            input = try DemuxerInput(source, deadline, form)
            format = try input.probedFormat()
        }
        guard let container = Container(source, format: format) else {
            throw MediaError(.notAVideo, detail: "format not listed")
        }
        self.container = container
        self.deadline = deadline
        let name = String(cString: format.pointee.name)
        isElementary = ["mpegvideo", "aac", "mp3", "flac"].contains(name)
        beforeOpening(container, isElementary)
        context = try Self.open(input, format)
        if search == .always || (search == .inElementary && isElementary) { try findStreams() }
    }

    deinit {
        var closing: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&closing)
    }

    var streams: [UnsafeMutablePointer<AVStream>] {
        (0..<Int(context.pointee.nb_streams)).compactMap { context.pointee.streams[$0] }
    }

    /// How long the film is in microseconds, as far as it says.
    var knownEnd: Int64? {
        let duration = context.pointee.duration
        return duration > 0 && duration < 1 << 50 ? duration : nil
    }

    /// Why there is no clip that begins so many microseconds after the film: that is behind its end, or nothing is shown
    /// there.
    func hasNothing(at start: Int64) -> CutReport {
        if let end = knownEnd, start < end { return .nothing }
        return .beyondEnd(knownEnd ?? start)
    }

    /// Where the demuxer stands in the file.
    var position: UInt64 {
        UInt64(clamping: avio_seek(context.pointee.pb, 0, 1))
    }

    /// Whether packets lack the times at which pictures are shown: libav then looks ahead to find out.
    var leavesOutTimes: Bool { container == .mpeg || container == .avi }

    /// Reads packets to learn what the streams are.
    func findStreams() throws(MediaError) {
        let count = Int(context.pointee.nb_streams)
        var options = [OpaquePointer?](repeating: nil, count: max(1, count))
        for index in options.indices { av_dict_set_int(&options[index], "max_pixels", LibAV.maxPixels, 0) }
        let status = avformat_find_stream_info(context, &options)
        for index in options.indices { av_dict_free(&options[index]) }
        if status == libav_interrupted || deadline.hasPassed {
            throw MediaError(.timedOut, detail: "streams: \(LibAV.error(status))")
        }
        guard status >= 0 else { throw MediaError(.broken, detail: "streams: \(LibAV.error(status))") }
    }

    /// Passes over all packets up to an end that was one for a while only, and forgets what was begun there.
    func readPastHeaders() throws(MediaError) {
        guard let packet = av_packet_alloc() else { throw MediaError(.workerFailed, detail: "memory") }
        var freed: UnsafeMutablePointer<AVPacket>? = packet
        defer { av_packet_free(&freed) }
        while !deadline.hasPassed {
            let status = av_read_frame(context, packet)
            guard status >= 0 || status == libav_again else { break }
            av_packet_unref(packet)
        }
        input.goOn()
        avformat_flush(context)
    }

    /// Reads from the beginning once more.
    func beginAgain(at offset: UInt64) {
        input.beginAgain(at: offset)
        avformat_flush(context)
    }

    private static func open(
        _ input: DemuxerInput, _ format: UnsafePointer<AVInputFormat>
    ) throws(MediaError) -> UnsafeMutablePointer<AVFormatContext> {
        guard let fresh = avformat_alloc_context() else { throw MediaError(.workerFailed, detail: "memory") }
        input.configure(fresh)
        let lists = [
            ("format_whitelist", LibAV.demuxers.joined(separator: ",")),
            ("codec_whitelist", LibAV.decoders.joined(separator: ",")),
            ("protocol_whitelist", ""),
        ]
        for (option, list) in lists where av_opt_set(fresh, option, list, 0) < 0 {
            avformat_free_context(fresh)
            throw MediaError(.workerFailed, detail: option)
        }
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        // Chapters of a movie lie all over the file, and no job asks for them.
        av_dict_set(&options, "ignore_chapters", "1", 0)
        // On failure libav frees the context itself.
        var opened: UnsafeMutablePointer<AVFormatContext>? = fresh
        let status = avformat_open_input(&opened, nil, format, &options)
        guard status >= 0, let opened else {
            throw MediaError(status == libav_interrupted ? .timedOut : .broken, detail: "open: \(LibAV.error(status))")
        }
        return opened
    }
}
