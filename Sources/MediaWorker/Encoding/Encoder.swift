import CLibAV
import Media

/// A listed encoder, on this thread.
final class Encoder {
    let context: UnsafeMutablePointer<AVCodecContext>
    private let packet: UnsafeMutablePointer<AVPacket>

    /// Opens the encoder `name`, as `configure` and libav's named options set it up.
    init(
        _ name: String, options: [(String, String)] = [], _ configure: (UnsafeMutablePointer<AVCodecContext>) -> Void
    ) throws(ExactFailure) {
        guard let codec = LibAV.encoder(name) else {
            throw .media(MediaError(.workerFailed, detail: "no encoder \(name)"))
        }
        var made = avcodec_alloc_context3(codec)
        var freed = av_packet_alloc()
        guard let context = made, let packet = freed else {
            avcodec_free_context(&made)
            av_packet_free(&freed)
            throw .memory
        }
        (self.context, self.packet) = (context, packet)
        context.pointee.thread_count = 1
        // Reproducible: two who encode the same get the same bytes.
        context.pointee.flags |= libav_flag_bitexact
        configure(context)
        var dictionary: OpaquePointer?
        defer { av_dict_free(&dictionary) }
        for (key, value) in options { av_dict_set(&dictionary, key, value, 0) }
        let status = avcodec_open2(context, codec, &dictionary)
        guard status >= 0 else { throw refusal(status) }
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        avcodec_free_context(&context)
        av_packet_free(&packet)
    }

    /// Large pictures are refused for want of memory, whatever the encoder says.
    private func refusal(_ status: CInt) -> ExactFailure {
        let pixels = Int(context.pointee.width) * Int(context.pointee.height)
        return pixels > Self.largePicture ? .memory : .refusal(status, "encoding")
    }

    private static let largePicture = 1920 * 1088

    /// Feeds one frame, nil at the end, and hands on the packets that come out; each is valid during the call.
    func encode(
        _ frame: UnsafeMutablePointer<AVFrame>?,
        each: (UnsafeMutablePointer<AVPacket>) throws(ExactFailure) -> Void
    ) throws(ExactFailure) {
        let sent = avcodec_send_frame(context, frame)
        guard sent >= 0 || sent == libav_end_of_file else { throw refusal(sent) }
        while true {
            let status = avcodec_receive_packet(context, packet)
            if status == libav_again || status == libav_end_of_file { return }
            guard status >= 0 else { throw refusal(status) }
            defer { av_packet_unref(packet) }
            try each(packet)
        }
    }
}
