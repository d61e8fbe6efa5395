import CLibAV
import Media

/// Makes JPEG files of pictures: no metadata, at most 512 kB.
enum JPEGEncoder {
    private static let byteLimit = 512_000

    /// The picture as a JPEG, as fine as fits. Throws `workerFailed` when libav has no encoder for it.
    static func encode(_ picture: Picture) throws(MediaError) -> [UInt8] {
        guard let bytes = try encode(picture, limit: byteLimit) else {
            throw MediaError(.workerFailed, detail: "picture too large")
        }
        return bytes
    }

    /// The picture as a JPEG of at most so many bytes; nil when the coarsest has more.
    static func encode(_ picture: Picture, limit: Int) throws(MediaError) -> [UInt8]? {
        for quality: CInt in [3, 6, 12, 24, 31] {
            let bytes = try encode(picture, quality: quality)
            if bytes.count <= limit { return bytes }
        }
        return nil
    }

    private static func encode(_ picture: Picture, quality: CInt) throws(MediaError) -> [UInt8] {
        guard let encoder = avcodec_find_encoder_by_name("mjpeg"), let context = avcodec_alloc_context3(encoder) else {
            throw MediaError(.workerFailed, detail: "no JPEG encoder")
        }
        var freed: UnsafeMutablePointer<AVCodecContext>? = context
        defer { avcodec_free_context(&freed) }
        context.pointee.width = picture.frame.pointee.width
        context.pointee.height = picture.frame.pointee.height
        context.pointee.pix_fmt = AV_PIX_FMT_YUVJ420P
        context.pointee.color_range = AVCOL_RANGE_JPEG
        context.pointee.time_base = AVRational(num: 1, den: 25)
        context.pointee.thread_count = 1
        context.pointee.flags |= libav_flag_fixed_quality | libav_flag_bitexact
        context.pointee.global_quality = libav_quality_scale * quality
        picture.frame.pointee.quality = libav_quality_scale * quality
        picture.frame.pointee.pts = 0
        guard avcodec_open2(context, encoder, nil) >= 0, avcodec_send_frame(context, picture.frame) >= 0 else {
            throw MediaError(.workerFailed, detail: "JPEG encoder refused")
        }
        return try firstPacket(of: context)
    }

    private static func firstPacket(of context: UnsafeMutablePointer<AVCodecContext>) throws(MediaError) -> [UInt8] {
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        guard let packet, avcodec_receive_packet(context, packet) >= 0, let data = packet.pointee.data else {
            throw MediaError(.workerFailed, detail: "no JPEG")
        }
        return Array(UnsafeBufferPointer(start: data, count: Int(packet.pointee.size)))
    }
}
