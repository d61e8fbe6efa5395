import CLibAV
import Media

/// Decodes one stream from front to back with a listed decoder, on this thread.
final class StreamDecoder {
    let stream: UnsafeMutablePointer<AVStream>
    private let context: UnsafeMutablePointer<AVCodecContext>
    private let frame: UnsafeMutablePointer<AVFrame>

    /// Throws `codecNotAllowed` when no listed decoder takes the stream.
    init(_ stream: UnsafeMutablePointer<AVStream>) throws(ExactFailure) {
        guard let codec = LibAV.decoder(for: stream.pointee.codecpar.pointee.codec_id) else {
            throw .media(MediaError(.codecNotAllowed, detail: stream.named.codec))
        }
        var made = avcodec_alloc_context3(codec)
        var freed = av_frame_alloc()
        guard let context = made, let frame = freed else {
            avcodec_free_context(&made)
            av_frame_free(&freed)
            throw .memory
        }
        (self.stream, self.context, self.frame) = (stream, context, frame)
        guard avcodec_parameters_to_context(context, stream.pointee.codecpar) >= 0 else { throw .memory }
        context.pointee.thread_count = 1
        context.pointee.max_pixels = LibAV.maxPixels
        context.pointee.pkt_timebase = stream.pointee.time_base
        let status = avcodec_open2(context, codec, nil)
        guard status >= 0 else {
            throw status == libav_out_of_memory ? .memory : .media(MediaError(.broken, detail: "decoder: \(status)"))
        }
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        avcodec_free_context(&context)
        av_frame_free(&frame)
    }

    /// Whether pictures that no other needs are passed over.
    var skipsUnneeded: Bool {
        get { context.pointee.skip_frame != AVDISCARD_DEFAULT }
        set { context.pointee.skip_frame = newValue ? AVDISCARD_NONREF : AVDISCARD_DEFAULT }
    }

    /// Feeds one packet, nil at the end, and hands on the frames that come out; each is valid during the call.
    func decode(
        _ packet: UnsafePointer<AVPacket>?, each: (UnsafeMutablePointer<AVFrame>) throws(ExactFailure) -> Void
    ) throws(ExactFailure) {
        // A damaged packet is passed over: the next key frame mends it.
        guard avcodec_send_packet(context, packet) != libav_out_of_memory else { throw .memory }
        while true {
            let status = avcodec_receive_frame(context, frame)
            guard status != libav_out_of_memory else { throw .memory }
            guard status >= 0 else { return }
            defer { av_frame_unref(frame) }
            try each(frame)
        }
    }
}
