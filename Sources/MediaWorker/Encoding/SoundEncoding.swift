import CLibAV
import Media

/// A sound on its way into a clip: decoded, trimmed to the interval, encoded anew.
final class SoundEncoding: EncodedTrack {
    let source: UnsafeMutablePointer<AVStream>
    private(set) var encoder: Encoder?
    private(set) var isDone = false
    private let decoder: StreamDecoder
    private let work: EncodedWork
    private var clock: SoundClock?
    private var queue: SoundQueue?

    init(_ source: UnsafeMutablePointer<AVStream>, _ work: EncodedWork) throws(ExactFailure) {
        (self.source, self.work) = (source, work)
        decoder = try StreamDecoder(source)
    }

    var end: Int64? { clock.flatMap { $0.length > 0 ? work.interval.lowerBound + $0.length : nil } }

    func take(_ packet: UnsafeMutablePointer<AVPacket>, _ output: EncodedOutput) throws(ExactFailure) {
        guard !isDone else { return }
        try decode(packet, output)
    }

    func finish(_ output: EncodedOutput) throws(ExactFailure) {
        if !isDone { try decode(nil, output) }
        isDone = true
        guard let encoder, let queue else { return }
        try queue.finish()
        try drain(queue, encoder, output, isLast: true)
        try send(nil, to: encoder, output)
    }

    private func decode(_ packet: UnsafeMutablePointer<AVPacket>?, _ output: EncodedOutput) throws(ExactFailure) {
        try decoder.decode(packet) { frame throws(ExactFailure) in try take(frame, output) }
    }

    private func take(_ frame: UnsafeMutablePointer<AVFrame>, _ output: EncodedOutput) throws(ExactFailure) {
        let (rate, count) = (Int(frame.pointee.sample_rate), Int(frame.pointee.nb_samples))
        guard !isDone, (1...768_000).contains(rate), count > 0, libav_frame_channels(frame) > 0 else { return }
        let length = work.interval.upperBound - work.interval.lowerBound
        var clock = clock ?? SoundClock(rate: rate, length: length)
        if clock.rate != rate { clock = clock.continued(at: rate, length: length) }
        let time = work.time(of: frame, source)
        let share = clock.take(count, at: time.map { $0 - work.interval.lowerBound })
        self.clock = clock
        if clock.isFull || time.map({ $0 >= work.interval.upperBound }) ?? false { isDone = true }
        guard share.taken > 0 else { return }
        let encoder = try encoder(for: frame)
        let queue = try queue(for: encoder)
        try queue.append(frame, share)
        try drain(queue, encoder, output, isLast: false)
    }

    /// The encoder, opened for the first frame.
    private func encoder(for frame: UnsafeMutablePointer<AVFrame>) throws(ExactFailure) -> Encoder {
        if let encoder { return encoder }
        let kind = SoundKind(work.encoders.sound, frame)
        let opened = try Encoder(kind.encoder) { context in
            kind.configure(context, frame)
            context.pointee.flags |= work.encoderFlags
        }
        encoder = opened
        return opened
    }

    private func queue(for encoder: Encoder) throws(ExactFailure) -> SoundQueue {
        if let queue { return queue }
        let made = try SoundQueue(for: encoder.context)
        queue = made
        return made
    }

    private func drain(
        _ queue: SoundQueue, _ encoder: Encoder, _ output: EncodedOutput, isLast: Bool
    ) throws(ExactFailure) {
        while let frame = try queue.next(isLast: isLast) {
            var freed: UnsafeMutablePointer<AVFrame>? = frame
            defer { av_frame_free(&freed) }
            try send(frame, to: encoder, output)
        }
    }

    private func send(
        _ frame: UnsafeMutablePointer<AVFrame>?, to encoder: Encoder, _ output: EncodedOutput
    ) throws(ExactFailure) {
        try encoder.encode(frame) { packet throws(ExactFailure) in
            // Where the file cannot tell that they are to be left out, the packets before zero would move all others.
            guard work.encoders.tellsPriming || packet.pointee.pts >= 0 else { return }
            try output.take(packet, of: self, encoder.context.pointee.time_base)
        }
    }
}
