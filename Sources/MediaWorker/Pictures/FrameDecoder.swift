import CLibAV

/// Decodes single frames of one stream with a listed decoder, on this thread.
final class FrameDecoder {
    private let film: Demuxer
    private let stream: UnsafeMutablePointer<AVStream>
    private var codec: UnsafeMutablePointer<AVCodecContext>?
    private var frame: UnsafeMutablePointer<AVFrame>?
    private var packet: UnsafeMutablePointer<AVPacket>?
    /// Packets of the stream to try from one position: beyond them there is no picture there.
    private static let packetLimit = 400

    /// Nil when no listed decoder takes the stream.
    init?(_ film: Demuxer, _ stream: UnsafeMutablePointer<AVStream>) {
        self.film = film
        self.stream = stream
        guard let decoder = LibAV.decoder(for: stream.pointee.codecpar.pointee.codec_id) else { return nil }
        frame = av_frame_alloc()
        packet = av_packet_alloc()
        codec = avcodec_alloc_context3(decoder)
        guard let codec, frame != nil, packet != nil,
            avcodec_parameters_to_context(codec, stream.pointee.codecpar) >= 0
        else { return nil }
        codec.pointee.thread_count = 1
        codec.pointee.max_pixels = LibAV.maxPixels
        codec.pointee.pkt_timebase = stream.pointee.time_base
        guard avcodec_open2(codec, decoder, nil) >= 0 else { return nil }
    }

    deinit {
        av_frame_free(&frame)
        av_packet_free(&packet)
        avcodec_free_context(&codec)
    }

    /// The one frame of cover art.
    func stillFrame() -> UnsafeMutablePointer<AVFrame>? {
        guard let codec, let frame else { return nil }
        return decode(&stream.pointee.attached_pic, codec, frame) ? frame : nil
    }

    /// The first frame from the key frame at or before so much of the film; valid until the next call.
    func frame(atPercent percent: Int64) -> UnsafeMutablePointer<AVFrame>? {
        guard let codec, seek(percent) else { return nil }
        avcodec_flush_buffers(codec)
        return nextFrame(limit: Self.packetLimit)
    }

    /// The next frame, from the film's beginning on; valid until the next call.
    func next() -> UnsafeMutablePointer<AVFrame>? { nextFrame(limit: Self.packetLimit) }

    /// The first key packet at or before a time in units of the stream, as the container finds it; valid until the
    /// next call.
    func keyPacket(at stamp: Int64) -> AVPacket? {
        guard let codec, let packet,
            av_seek_frame(film.context, stream.pointee.index, stamp, libav_seek_backward) >= 0
        else { return nil }
        avcodec_flush_buffers(codec)
        for _ in 0..<Self.packetLimit {
            av_packet_unref(packet)
            let status = av_read_frame(film.context, packet)
            guard status >= 0 || status == libav_again else { return nil }
            let isOurs = status >= 0 && packet.pointee.stream_index == stream.pointee.index
            if isOurs, packet.pointee.flags & libav_packet_key != 0, packet.pointee.size > 0 { return packet.pointee }
        }
        return nil
    }

    /// The picture of the packet that `keyPacket` found, without reading on; valid until the next call.
    func keyFrame() -> UnsafeMutablePointer<AVFrame>? {
        guard let codec, let frame, let packet else { return nil }
        defer { avcodec_flush_buffers(codec) }
        _ = avcodec_send_packet(codec, packet)
        if avcodec_receive_frame(codec, frame) >= 0 { return frame }
        // The decoder waits for later packets to put pictures in order: there will be none.
        _ = avcodec_send_packet(codec, nil)
        return avcodec_receive_frame(codec, frame) >= 0 && frame.pointee.width > 0 ? frame : nil
    }

    /// Goes to the film's beginning.
    func rewind() -> Bool {
        if let codec { avcodec_flush_buffers(codec) }
        return seek(0)
    }

    /// The next key frame after the frame returned last; valid until the next call.
    func nextKeyFrame() -> UnsafeMutablePointer<AVFrame>? {
        codec?.pointee.skip_frame = AVDISCARD_NONKEY
        return nextFrame(limit: 4 * Self.packetLimit)
    }

    private func nextFrame(limit: Int) -> UnsafeMutablePointer<AVFrame>? {
        guard let codec, let frame, let packet else { return nil }
        for _ in 0..<limit {
            var status = av_read_frame(film.context, packet)
            while status >= 0 && packet.pointee.stream_index != stream.pointee.index {
                av_packet_unref(packet)
                status = av_read_frame(film.context, packet)
            }
            guard status >= 0 else { return decode(nil, codec, frame) ? frame : nil }
            let isDecoded = decode(packet, codec, frame)
            av_packet_unref(packet)
            if isDecoded { return frame }
        }
        return nil
    }

    /// How `frame` is to be shown; the frame itself knows best what shape its pixels have.
    func shape(of frame: UnsafeMutablePointer<AVFrame>) -> DisplayShape? {
        let aspect = av_guess_sample_aspect_ratio(film.context, stream, frame)
        return DisplayShape(
            width: Int(frame.pointee.width), height: Int(frame.pointee.height), pixelWidth: Int(aspect.num),
            pixelHeight: Int(aspect.den), quarterTurns: DisplayShape(film.context, stream)?.quarterTurns ?? 0)
    }

    /// Feeds one packet, nil at the end, and says whether a frame came out.
    private func decode(
        _ packet: UnsafePointer<AVPacket>?, _ codec: UnsafeMutablePointer<AVCodecContext>,
        _ frame: UnsafeMutablePointer<AVFrame>
    ) -> Bool {
        // A damaged packet is passed over: the next key frame mends it.
        _ = avcodec_send_packet(codec, packet)
        return avcodec_receive_frame(codec, frame) >= 0 && frame.pointee.width > 0
    }

    private func seek(_ percent: Int64) -> Bool {
        let context = film.context
        let start = context.pointee.start_time == libav_no_time ? 0 : context.pointee.start_time
        let length = context.pointee.duration
        if length > 0, percent > 0, length < 1 << 52, start.magnitude < 1 << 52 {
            return av_seek_frame(context, -1, start + length / 100 * percent, libav_seek_backward) >= 0
        }
        guard percent == 0 else { return false }
        return av_seek_frame(context, -1, start, libav_seek_backward) >= 0
            || av_seek_frame(context, -1, 0, AVSEEK_FLAG_BYTE) >= 0
    }
}
