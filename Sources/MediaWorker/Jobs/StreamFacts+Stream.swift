import CLibAV
import Media

extension StreamFacts {
    /// What libav says of `stream`; numbers that make no sense are left out.
    init(_ context: UnsafeMutablePointer<AVFormatContext>, _ stream: UnsafeMutablePointer<AVStream>) {
        let parameters = stream.pointee.codecpar.pointee
        let isPicture = parameters.codec_type == AVMEDIA_TYPE_VIDEO
        let isSound = parameters.codec_type == AVMEDIA_TYPE_AUDIO
        let shape = isPicture ? DisplayShape(context, stream) : nil
        self.init(
            kind: Self.kind(parameters.codec_type, stream.pointee.disposition),
            codec: avcodec_get_name(parameters.codec_id).map { String(cString: $0) } ?? "none",
            isDecodable: LibAV.decoder(for: parameters.codec_id) != nil,
            language: stream.pointee.metadata.value("language").flatMap { $0 == "und" ? nil : $0 },
            channels: isSound ? Self.positive(Int(libav_channels(stream.pointee.codecpar))) : nil,
            sampleRate: isSound ? Self.positive(Int(parameters.sample_rate)) : nil,
            width: shape?.width, height: shape?.height, frameRate: isPicture ? Self.rate(stream) : nil,
            bitRate: Self.positive(Int(parameters.bit_rate)),
            isDefault: stream.pointee.disposition & libav_disposition_default != 0)
    }

    private static func kind(_ type: AVMediaType, _ disposition: CInt) -> Kind {
        switch type {
        case AVMEDIA_TYPE_VIDEO: disposition & libav_disposition_picture != 0 ? .picture : .video
        case AVMEDIA_TYPE_AUDIO: .audio
        case AVMEDIA_TYPE_SUBTITLE: .subtitle
        default: .other
        }
    }

    private static func rate(_ stream: UnsafeMutablePointer<AVStream>) -> Double? {
        guard stream.pointee.disposition & libav_disposition_picture == 0 else { return nil }
        let rates = [stream.pointee.avg_frame_rate, stream.pointee.r_frame_rate]
        return rates.lazy.filter { $0.num > 0 && $0.den > 0 }.map { Double($0.num) / Double($0.den) }.first {
            $0 < 10_000
        }
    }

    private static func positive(_ number: Int) -> Int? { number > 0 ? number : nil }
}
