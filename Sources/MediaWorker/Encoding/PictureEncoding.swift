import CLibAV
import Media

/// A moving picture on its way into a clip: decoded from the key frame before, encoded anew within the interval.
final class PictureEncoding: EncodedTrack {
    let source: UnsafeMutablePointer<AVStream>
    private(set) var encoder: Encoder?
    private(set) var isDone = false
    private(set) var end: Int64?
    private let decoder: StreamDecoder
    private let work: EncodedWork
    private var kind: PictureKind?
    private var fitting: PictureFitting?
    /// The picture shown last before the interval: the first of the clip where it stands for long.
    private var standing: UnsafeMutablePointer<AVFrame>?
    /// The picture to encode next, as soon as it is known how long it is shown.
    private var held: (frame: UnsafeMutablePointer<AVFrame>, time: Int64)?
    private var lastStamp: Int64?
    /// How long pictures are shown, by their times in units of the encoder.
    private var durations: [Int64: Int64] = [:]
    /// How long a picture may stand before the clip has one of its own, in microseconds.
    private static let longStanding: Int64 = 500_000
    /// How long before the interval every picture is decoded again, in microseconds.
    private static let lead: Int64 = 1_000_000

    init(_ source: UnsafeMutablePointer<AVStream>, _ work: EncodedWork) throws(ExactFailure) {
        (self.source, self.work) = (source, work)
        decoder = try StreamDecoder(source)
    }

    deinit {
        av_frame_free(&standing)
        var frame = held?.frame
        av_frame_free(&frame)
    }

    func take(_ packet: UnsafeMutablePointer<AVPacket>, _ output: EncodedOutput) throws(ExactFailure) {
        guard !isDone else { return }
        let time = work.reader.clock.time(of: packet.pointee, source)
        decoder.skipsUnneeded = time.map { $0 < work.interval.lowerBound - Self.lead } ?? false
        try decode(packet, output)
    }

    func finish(_ output: EncodedOutput) throws(ExactFailure) {
        if !isDone {
            decoder.skipsUnneeded = false
            try decode(nil, output)
        }
        try close(isWhole: isDone, output)
        isDone = true
        if let encoder { try send(nil, to: encoder, output) }
    }

    private func decode(_ packet: UnsafeMutablePointer<AVPacket>?, _ output: EncodedOutput) throws(ExactFailure) {
        try decoder.decode(packet) { frame throws(ExactFailure) in try take(frame, output) }
    }

    private func take(_ frame: UnsafeMutablePointer<AVFrame>, _ output: EncodedOutput) throws(ExactFailure) {
        guard !isDone, frame.pointee.width > 0, let time = work.time(of: frame, source) else { return }
        guard time >= work.interval.lowerBound else {
            if held == nil { try keep(frame) }
            return
        }
        if held == nil, time - work.interval.lowerBound > Self.longStanding { try begin() }
        guard time < work.interval.upperBound else {
            try close(isWhole: true, output)
            isDone = true
            return
        }
        try hold(frame, at: time, output)
    }

    private func keep(_ frame: UnsafeMutablePointer<AVFrame>) throws(ExactFailure) {
        av_frame_free(&standing)
        standing = av_frame_clone(frame)
        if standing == nil { throw .memory }
    }

    /// The picture that stands when the interval begins is its first.
    private func begin() throws(ExactFailure) {
        guard let frame = standing else { return }
        standing = nil
        held = (frame, work.interval.lowerBound)
    }

    private func hold(
        _ frame: UnsafeMutablePointer<AVFrame>, at time: Int64, _ output: EncodedOutput
    ) throws(ExactFailure) {
        if let held {
            // Two at one time, or out of order: a damaged place, whose first picture stays.
            guard time > held.time else { return }
            try encode(held.frame, held.time, until: time, output)
        }
        guard let own = av_frame_clone(frame) else {
            held = nil
            throw .memory
        }
        held = (own, time)
    }

    /// Encodes the last picture: to the interval's end where the film goes on there, else as long as it is shown.
    private func close(isWhole: Bool, _ output: EncodedOutput) throws(ExactFailure) {
        if held == nil, end == nil, isWhole || standingEnd > work.interval.lowerBound { try begin() }
        guard let (frame, time) = held else { return }
        let until = isWhole ? work.interval.upperBound : shownEnd(of: frame) ?? time
        try encode(frame, time, until: min(work.interval.upperBound, max(until, time + 1)), output)
    }

    private var standingEnd: Int64 { standing.flatMap { shownEnd(of: $0) } ?? .min }

    /// Until when the film shows the picture, as far as it says.
    private func shownEnd(of frame: UnsafeMutablePointer<AVFrame>) -> Int64? {
        let own = LibAV.microseconds(frame.pointee.pkt_duration, source.pointee.time_base) ?? 0
        let usual = work.reader.clock.usualDuration(of: source)
        return work.time(of: frame, source).map { $0 + (own > 0 && own < 3_600_000_000 ? own : usual) }
    }

    /// Takes the held frame over.
    private func encode(
        _ frame: UnsafeMutablePointer<AVFrame>, _ time: Int64, until next: Int64, _ output: EncodedOutput
    ) throws(ExactFailure) {
        held = nil
        var freed: UnsafeMutablePointer<AVFrame>? = frame
        defer { av_frame_free(&freed) }
        let encoder = try encoder(for: frame)
        guard let kind, let fitting else { return }
        var made: UnsafeMutablePointer<AVFrame>? = try fitting.fitted(frame)
        defer { av_frame_free(&made) }
        guard let picture = made else { return }
        let stamp = max(stamp(time, kind), lastStamp.map { $0 + 1 } ?? .min)
        durations[stamp] = max(1, self.stamp(next, kind) - stamp)
        lastStamp = stamp
        picture.pointee.pts = stamp
        picture.pointee.pict_type = AV_PICTURE_TYPE_NONE
        end = max(end ?? .min, next)
        try send(picture, to: encoder, output)
    }

    private func stamp(_ time: Int64, _ kind: PictureKind) -> Int64 {
        av_rescale_q(time - work.interval.lowerBound, FilmClock.microseconds, kind.base)
    }

    /// The encoder, opened for the first frame.
    private func encoder(for frame: UnsafeMutablePointer<AVFrame>) throws(ExactFailure) -> Encoder {
        if let encoder { return encoder }
        guard let name = work.encoders.picture else { throw .report(.nothing) }
        let shape = try PictureShape(frame, source, work)
        let kind = PictureKind(shape, source, work)
        self.kind = kind
        fitting = PictureFitting(shape, like: frame)
        let opened = try Encoder(name, options: kind.options(name)) { context in
            kind.configure(context)
            context.pointee.flags |= work.encoderFlags
        }
        encoder = opened
        return opened
    }

    private func send(
        _ frame: UnsafeMutablePointer<AVFrame>?, to encoder: Encoder, _ output: EncodedOutput
    ) throws(ExactFailure) {
        try encoder.encode(frame) { packet throws(ExactFailure) in
            if let duration = durations.removeValue(forKey: packet.pointee.pts) { packet.pointee.duration = duration }
            try output.take(packet, of: self, encoder.context.pointee.time_base)
        }
    }
}

extension FilmClock {
    /// How long a picture is shown on average, in microseconds.
    fileprivate func usualDuration(of stream: UnsafeMutablePointer<AVStream>) -> Int64 {
        let rate = stream.pointee.avg_frame_rate
        guard rate.num > 0, rate.den > 0, av_q2d(rate) > 0.1 else { return 40_000 }
        return Int64(1_000_000 / av_q2d(rate))
    }
}
