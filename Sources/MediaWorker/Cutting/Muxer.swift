import CLibAV
import Media

/// Writes packets of a film, as they are, into a container of the list.
final class Muxer {
    let context: UnsafeMutablePointer<AVFormatContext>
    let format: CutFormat
    /// Microseconds that the film will last, where that is known before.
    let length: Int64?
    private let output: FilmOutput
    private let writing: FilmOutput.Window
    private var reading: FilmOutput.Window?

    /// Tags of the source that are not true of the copy, or tell how it was made.
    private static let untrueTags = [
        "encoder", "creation_time", "major_brand", "minor_version", "compatible_brands", "timecode", "duration",
        "number_of_bytes", "number_of_frames", "bps", "_statistics_tags", "_statistics_writing_app",
        "_statistics_writing_date_utc",
    ]

    /// Begins nothing yet. Throws `workerFailed` when libav has no such muxer.
    init(_ format: CutFormat, _ output: FilmOutput, length: Int64? = nil) throws(MediaError) {
        guard let muxer = av_guess_format(format.muxer, nil, nil), let window = FilmOutput.Window(output, writes: true)
        else { throw MediaError(.workerFailed, detail: "no muxer \(format.muxer)") }
        var made: UnsafeMutablePointer<AVFormatContext>?
        guard avformat_alloc_output_context2(&made, muxer, nil, nil) >= 0, let made else {
            throw MediaError(.workerFailed, detail: "memory")
        }
        (self.format, self.output, self.length, context, writing) = (format, output, length, made, window)
        context.pointee.pb = window.io
        // Reproducible: two who cut the same get the same bytes, and so the same torrent.
        context.pointee.flags |= libav_flag_custom_io | libav_flag_reproducible
        // Packets gather; only what is sent while it is made goes out one by one.
        if !output.isStream { context.pointee.flush_packets = 0 }
        context.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
        context.pointee.io_open = { context, io, _, flags, _ in
            guard let context, let io, flags & libav_io_write == 0,
                let window = Muxer.from(context)?.openForReading()
            else { return libav_not_permitted }
            io.pointee = window
            return 0
        }
        context.pointee.io_close2 = { context, _ in
            context.flatMap { Muxer.from($0) }?.reading = nil
            return 0
        }
        // FLAC in MP4 is a standard by now, which this libav still calls an experiment.
        context.pointee.strict_std_compliance = libav_takes_experiments
        // As ffmpeg's command line has it: MPEG players need the clock ahead of the packets.
        context.pointee.max_delay = 700_000
    }

    deinit {
        context.pointee.pb = nil
        avformat_free_context(context)
    }

    /// Flags that encoders need for this container.
    var encoderFlags: CInt {
        context.pointee.oformat.pointee.flags & libav_format_global_header != 0 ? libav_flag_global_header : 0
    }

    /// Tags of the film as a whole.
    func copyTags(of film: Demuxer) {
        av_dict_copy(&context.pointee.metadata, film.context.pointee.metadata, 0)
        Self.removeUntrueTags(&context.pointee.metadata)
    }

    /// Adds a stream like `source`; its index in the output.
    func addStream(like source: UnsafeMutablePointer<AVStream>) throws(MediaError) -> CInt {
        guard let stream = avformat_new_stream(context, nil), let from = source.pointee.codecpar,
            let parameters = stream.pointee.codecpar, avcodec_parameters_copy(parameters, from) >= 0
        else { throw MediaError(.workerFailed, detail: "memory") }
        parameters.pointee.codec_tag = tag(for: from.pointee)
        if parameters.pointee.codec_id == AV_CODEC_ID_FLAC { Self.forgetLength(parameters) }
        // What AVI calls the size of their smallest parts is wrong for these, and would give all packets one time.
        if [AV_CODEC_ID_AC3, AV_CODEC_ID_MP3].contains(parameters.pointee.codec_id) {
            parameters.pointee.block_align = 0
        }
        stream.pointee.time_base = source.pointee.time_base
        stream.pointee.sample_aspect_ratio = source.pointee.sample_aspect_ratio
        copyFacts(of: source, to: stream, turning: true)
        return stream.pointee.index
    }

    /// Adds a stream of what `encoder` makes of `source`; its index in the output.
    func addStream(
        encodedBy encoder: Encoder, like source: UnsafeMutablePointer<AVStream>
    ) throws(MediaError) -> CInt {
        guard let stream = avformat_new_stream(context, nil), let parameters = stream.pointee.codecpar,
            avcodec_parameters_from_context(parameters, encoder.context) >= 0
        else { throw MediaError(.workerFailed, detail: "memory") }
        stream.pointee.time_base = encoder.context.pointee.time_base
        stream.pointee.sample_aspect_ratio = encoder.context.pointee.sample_aspect_ratio
        copyFacts(of: source, to: stream, turning: format.keepsRotation)
        return stream.pointee.index
    }

    /// What is true of a stream whether it is copied or encoded anew.
    private func copyFacts(
        of source: UnsafeMutablePointer<AVStream>, to stream: UnsafeMutablePointer<AVStream>, turning: Bool
    ) {
        stream.pointee.avg_frame_rate = source.pointee.avg_frame_rate
        stream.pointee.r_frame_rate = source.pointee.r_frame_rate
        stream.pointee.disposition = source.pointee.disposition
        av_dict_copy(&stream.pointee.metadata, source.pointee.metadata, 0)
        Self.removeUntrueTags(&stream.pointee.metadata)
        var size = 0
        if turning, let matrix = av_stream_get_side_data(source, AV_PKT_DATA_DISPLAYMATRIX, &size), size == 36,
            let copy = av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, size)
        {
            copy.update(from: matrix, count: size)
        }
    }

    /// Writes the header. False when the muxer does not take the streams.
    func begin() -> Bool {
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        for (name, value) in output.isStream ? sentOptions : storedOptions { av_dict_set(&options, name, value, 0) }
        if output.isStream, let length { context.pointee.duration = length }
        return avformat_write_header(context, &options) >= 0
    }

    /// The tables go first at the end, so that the clip plays while it is still being fetched.
    private var storedOptions: [(String, String)] {
        format.beginsAnywhere ? [("movflags", "+faststart"), ("use_editlist", "1"), ("write_tmcd", "0")] : []
    }

    /// Nothing that is written is touched again. Fragments begin with key frames; of sound alone each is two seconds, and
    /// none is kept in memory beyond 8 MiB.
    private var sentOptions: [(String, String)] {
        switch format.container {
        case .mp4, .mov:
            [
                ("movflags", "+frag_keyframe+delay_moov+default_base_moof"), ("use_editlist", "1"),
                ("write_tmcd", "0"), ("frag_size", "8388608"),
            ] + (format.soundOnly ? [("frag_duration", "2000000")] : [])
        case .mp3: [("write_xing", "0")]
        case .flv: [("flvflags", "+no_duration_filesize")]
        default: []
        }
    }

    /// Writes a copy of cover art. False on an error.
    func write(cover: UnsafeMutablePointer<AVStream>, to index: CInt) -> Bool {
        var freed = av_packet_clone(&cover.pointee.attached_pic)
        defer { av_packet_free(&freed) }
        guard let packet = freed else { return false }
        packet.pointee.stream_index = index
        (packet.pointee.pts, packet.pointee.dts) = (0, 0)
        return write(packet)
    }

    /// Takes the packet over and writes it in its turn. False on an error.
    func write(_ packet: UnsafeMutablePointer<AVPacket>) -> Bool {
        if format.container == .mp3 { Self.mendDelay(of: packet) }
        return av_interleaved_write_frame(context, packet) >= 0 && output.failure == nil
    }

    /// Writes the end. False on an error.
    func finish() -> Bool {
        let isWritten = av_write_trailer(context) >= 0
        avio_flush(context.pointee.pb)
        return isWritten && output.failure == nil
    }

    private func openForReading() -> UnsafeMutablePointer<AVIOContext>? {
        guard reading == nil else { return nil }
        reading = FilmOutput.Window(output, writes: false)
        return reading?.io
    }

    private static func from(_ context: UnsafeMutablePointer<AVFormatContext>) -> Muxer? {
        context.pointee.opaque.map { Unmanaged<Muxer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The source's tag where it means the same here; libav's choice otherwise.
    private func tag(for parameters: AVCodecParameters) -> UInt32 {
        if let tags = context.pointee.oformat.pointee.codec_tag, parameters.codec_tag != 0,
            av_codec_get_id(tags, parameters.codec_tag) == parameters.codec_id
        {
            return parameters.codec_tag
        }
        // Apple's players know HEVC by this name alone.
        guard parameters.codec_id == AV_CODEC_ID_HEVC, format.beginsAnywhere else { return 0 }
        return Array("hvc1".utf8).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// libav takes what a last packet does not say of the encoder's delay for nearly 0.1 s: the decoder's own 529
    /// samples say that there is none.
    private static func mendDelay(of packet: UnsafeMutablePointer<AVPacket>) {
        var size = 0
        guard let skip = av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, &size), size >= 10,
            skip[0] | skip[1] | skip[2] | skip[3] == 0
        else { return }
        (skip[0], skip[1]) = (0x11, 0x02)
    }

    /// FLAC's stream information (RFC 9639, 8.2) counts all samples and has their digest: not known of a part.
    private static func forgetLength(_ parameters: UnsafeMutablePointer<AVCodecParameters>) {
        guard let bytes = parameters.pointee.extradata, parameters.pointee.extradata_size == 34 else { return }
        bytes[13] &= 0xf0
        for index in 14..<34 { bytes[index] = 0 }
    }

    private static func removeUntrueTags(_ tags: inout OpaquePointer?) {
        for name in untrueTags { av_dict_set(&tags, name, nil, 0) }
    }
}

extension CutFormat {
    /// libav's name of the muxer: no other is ever used.
    var muxer: String {
        switch container {
        case .mp4: soundOnly ? "ipod" : "mp4"
        case .mov: "mov"
        case .matroska: "matroska"
        case .webm: "webm"
        case .avi: "avi"
        case .mpegts: "mpegts"
        case .mpeg: "vob"
        case .flv: "flv"
        case .asf: "asf"
        case .ogg: "ogg"
        case .mp3: "mp3"
        case .wav: "wav"
        case .flac: "flac"
        case .aac: "adts"
        }
    }
}
