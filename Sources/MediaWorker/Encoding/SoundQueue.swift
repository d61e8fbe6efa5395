import CLibAV
import Media

/// Samples on their way into an encoder: converted to what it takes, and given out in the portions it takes.
final class SoundQueue {
    private let encoder: UnsafeMutablePointer<AVCodecContext>
    private let samples: OpaquePointer
    private var converter: OpaquePointer?
    /// A frame like those that `converter` takes.
    private var kind: UnsafeMutablePointer<AVFrame>?
    /// Samples given out.
    private var count: Int64 = 0
    private static let silenceStep = 4096
    /// Samples of a portion where the encoder takes any number.
    private static let anyPortion = 4096

    init(for encoder: UnsafeMutablePointer<AVCodecContext>) throws(ExactFailure) {
        guard let samples = libav_sound_queue(encoder) else { throw .memory }
        (self.encoder, self.samples) = (encoder, samples)
    }

    deinit {
        av_audio_fifo_free(samples)
        swr_free(&converter)
        av_frame_free(&kind)
    }

    /// Appends a part of a frame, and silence before it.
    func append(_ frame: UnsafeMutablePointer<AVFrame>, _ share: SoundClock.Share) throws(ExactFailure) {
        try prepare(for: frame)
        var missing = share.silence
        while missing > 0 {
            let step = min(missing, Self.silenceStep)
            var silence = libav_silence(frame, CInt(step))
            defer { av_frame_free(&silence) }
            guard let silence else { throw .memory }
            try convert(silence, 0, step)
            missing -= step
        }
        try convert(frame, share.skipped, share.taken)
    }

    /// Takes what the converter still holds.
    func finish() throws(ExactFailure) {
        if converter != nil { try convert(nil, 0, 0) }
    }

    /// The next portion, with its time; nil while there are too few samples for one. The last may be short.
    func next(isLast: Bool) throws(ExactFailure) -> UnsafeMutablePointer<AVFrame>? {
        let portion = encoder.pointee.frame_size > 0 ? Int(encoder.pointee.frame_size) : Self.anyPortion
        let size = min(portion, Int(av_audio_fifo_size(samples)))
        guard size == portion || (isLast && size > 0) else { return nil }
        var made = libav_encoder_frame(encoder, CInt(size))
        guard let frame = made else { throw .memory }
        guard libav_take_sound(samples, frame) == CInt(size) else {
            av_frame_free(&made)
            throw .memory
        }
        frame.pointee.pts = count
        count += Int64(size)
        return frame
    }

    /// Another kind of sound within the stream takes another converter.
    private func prepare(for frame: UnsafeMutablePointer<AVFrame>) throws(ExactFailure) {
        if let kind, libav_same_sound(kind, frame) != 0 { return }
        try finish()
        swr_free(&converter)
        av_frame_free(&kind)
        converter = libav_sound_converter(frame, encoder)
        kind = libav_silence(frame, 1)
        guard converter != nil, kind != nil else {
            throw .media(MediaError(.broken, detail: "sound that cannot be converted"))
        }
    }

    private func convert(
        _ frame: UnsafeMutablePointer<AVFrame>?, _ first: Int, _ count: Int
    ) throws(ExactFailure) {
        let status = libav_convert_sound(converter, samples, encoder, frame, CInt(first), CInt(count))
        guard status >= 0 else { throw .refusal(status, "sound") }
    }
}
