import CLibAV
import Media

/// One stream on its way into a cut: which of its packets go, and with what times.
final class StreamCopy {
    let source: UnsafeMutablePointer<AVStream>
    let index: CInt
    let kind: StreamFacts.Kind
    /// No later packet of it is wanted.
    private(set) var isDone = false
    /// When the last packet that was written ends, in microseconds from the film's beginning.
    private(set) var end: Int64?
    /// When its first packet is decoded, in microseconds of the output; nil before there is one.
    private(set) var beginning: Int64?
    private let muxer: Muxer
    private let clock: FilmClock
    /// Microseconds from the film's beginning.
    private let begin: Int64
    private let interval: Range<Int64>
    /// The time of the film that becomes zero.
    private let zero: Int64
    /// Pictures shown after the end which earlier ones may need: written when such a one comes.
    private var held: [UnsafeMutablePointer<AVPacket>] = []
    private var lastDecoding: Int64?
    private static let heldLimit = 64
    /// Times that differ by so many microseconds are the same.
    private static let rounding: Int64 = 10
    /// Later than this, in microseconds, there are no samples that a coder has put before the film's first.
    private static let primingLimit: Int64 = 100_000

    init(
        _ source: UnsafeMutablePointer<AVStream>, _ index: CInt, _ muxer: Muxer, _ clock: FilmClock,
        from first: KeyFrame, _ interval: Range<Int64>, zero: Int64
    ) {
        (self.source, self.index, self.muxer, self.clock) = (source, index, muxer, clock)
        (self.interval, self.zero) = (interval, zero)
        kind = source.named.kind
        begin = kind == .video ? first.time : min(first.time, interval.lowerBound)
    }

    deinit { drop() }

    enum Result {
        case passed, written, failed, noTimes
    }

    /// Takes the packet over if it belongs into the cut.
    func take(_ packet: UnsafeMutablePointer<AVPacket>) -> Result {
        guard !isDone else { return .passed }
        // What has no time when a reader begins in the middle belongs to what came before.
        guard let time = clock.time(of: packet.pointee, source) else { return end == nil ? .passed : .noTimes }
        let length = clock.duration(of: packet.pointee, source)
        if kind == .audio, let bytes = source.bytesPerSample, let (time, length) = trim(packet, time, bytes) {
            return write(packet, time, length) ? .written : failure
        }
        switch kind {
        case .video where time < begin: return .passed  // needs pictures from before the cut
        case .video: break
        case .subtitle: guard shorten(packet, time, length) else { return .passed }
        default: guard time >= begin || time + length > begin + Self.rounding else { return .passed }
        }
        guard time >= interval.upperBound else {
            return writeHeld() && write(packet, time, length) ? .written : failure
        }
        if kind == .video, (clock.decodingTime(of: packet.pointee, source) ?? time) < interval.upperBound,
            held.count < Self.heldLimit, let copy = av_packet_alloc()
        {
            av_packet_move_ref(copy, packet)
            held.append(copy)
        } else {
            isDone = true
            drop()
        }
        return .passed
    }

    /// Takes the samples off a packet that lie outside [begin, end of the interval), where some inside are left.
    private func trim(
        _ packet: UnsafeMutablePointer<AVPacket>, _ time: Int64, _ bytes: Int64
    ) -> (time: Int64, length: Int64)? {
        let rate = Int64(source.pointee.codecpar.pointee.sample_rate)
        let size = Int64(packet.pointee.size)
        let microseconds = FilmClock.microseconds
        let second = AVRational(num: 1, den: CInt(clamping: rate))
        func samples(_ duration: Int64) -> Int64 { av_rescale_q(duration, microseconds, second) }
        guard size % bytes == 0, (interval.upperBound - time).magnitude < 1 << 50 else { return nil }
        let count = size / bytes
        let before = min(count, max(0, samples(begin - time)))
        let inside = min(count, max(0, samples(interval.upperBound - time))) - before
        guard inside > 0, inside < count, let data = packet.pointee.data else { return nil }
        packet.pointee.data = data + Int(before * bytes)
        packet.pointee.size = CInt(inside * bytes)
        let shift = av_rescale_q(before, second, source.pointee.time_base)
        if packet.pointee.pts != libav_no_time { packet.pointee.pts &+= shift }
        if packet.pointee.dts != libav_no_time { packet.pointee.dts &+= shift }
        packet.pointee.duration = av_rescale_q(inside, second, source.pointee.time_base)
        return (time + av_rescale_q(before, second, microseconds), av_rescale_q(inside, second, microseconds))
    }

    private var lacksTimes = false
    private var failure: Result { lacksTimes ? .noTimes : .failed }

    /// A subtitle that is shown already when the cut begins is shown from there, and none for longer than the cut lasts.
    /// False for one that is over by then.
    private func shorten(_ packet: UnsafeMutablePointer<AVPacket>, _ time: Int64, _ length: Int64) -> Bool {
        let base = source.pointee.time_base
        if time + length > interval.upperBound, time < interval.upperBound, packet.pointee.duration > 0 {
            packet.pointee.duration = max(1, clock.stamp(interval.upperBound, in: base) - packet.pointee.stamp)
        }
        guard time < begin else { return true }
        guard time + length > begin, packet.pointee.duration > 0 else { return false }
        let stamp = clock.stamp(begin, in: base)
        packet.pointee.duration -= min(packet.pointee.duration, max(0, stamp - packet.pointee.stamp))
        (packet.pointee.pts, packet.pointee.dts) = (stamp, stamp)
        return true
    }

    private func writeHeld() -> Bool {
        defer { drop() }
        return held.allSatisfy { packet in
            guard let time = clock.time(of: packet.pointee, source) else { return false }
            return write(packet, time, clock.duration(of: packet.pointee, source))
        }
    }

    private func drop() {
        for packet in held {
            var freed: UnsafeMutablePointer<AVPacket>? = packet
            av_packet_free(&freed)
        }
        held = []
    }

    private func write(_ packet: UnsafeMutablePointer<AVPacket>, _ time: Int64, _ length: Int64) -> Bool {
        guard let stream = muxer.context.pointee.streams[Int(index)], rebase(packet, to: stream.pointee.time_base)
        else {
            return false
        }
        packet.pointee.stream_index = index
        packet.pointee.pos = -1
        if time > Self.primingLimit { Self.forgetPriming(packet) }
        end = max(end ?? .min, time + length)
        beginning = beginning ?? LibAV.microseconds(packet.pointee.dts, stream.pointee.time_base)
        return muxer.write(packet)
    }

    /// Takes back that samples at the packet's beginning are not to be heard: a reader that begins in the middle takes it
    /// for the film's first.
    private static func forgetPriming(_ packet: UnsafeMutablePointer<AVPacket>) {
        var size = 0
        guard let skipped = av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, &size), size >= 4,
            (0..<4).contains(where: { skipped[$0] != 0 })
        else { return }
        av_packet_free_side_data(packet)
    }

    /// Gives the packet times of the output that every muxer takes: decoding times that grow, and never after showing.
    private func rebase(_ packet: UnsafeMutablePointer<AVPacket>, to base: AVRational) -> Bool {
        let from = source.pointee.time_base
        let shift = clock.stamp(zero, in: from)
        let reorders = source.pointee.codecpar.pointee.video_delay > 0
        var pts = packet.pointee.pts
        var dts = packet.pointee.dts
        if pts == libav_no_time {
            guard !reorders || muxer.format.container == .avi else {
                lacksTimes = true
                return false
            }
            pts = dts
        }
        guard pts.magnitude < 1 << 60, shift.magnitude < 1 << 60 else { return false }
        if dts == libav_no_time || dts.magnitude >= 1 << 60 { dts = guess(packet.pointee, pts, from, shift) }
        pts = av_rescale_q(pts - shift, from, base)
        dts = av_rescale_q(dts - shift, from, base)
        if dts > pts { dts = pts }
        if let last = lastDecoding, dts <= last {
            dts = last + 1
            pts = max(pts, dts)
        }
        lastDecoding = dts
        (packet.pointee.pts, packet.pointee.dts) = (pts, dts)
        packet.pointee.duration = max(0, av_rescale_q(min(packet.pointee.duration, 1 << 60), from, base))
        return true
    }

    /// A decoding time for a packet without one, in the source's units: one picture after the last, and before
    /// everything that may be decoded ahead of its showing.
    private func guess(_ packet: AVPacket, _ pts: Int64, _ base: AVRational, _ shift: Int64) -> Int64 {
        let step = max(1, av_rescale_q(clock.duration(of: packet, source), FilmClock.microseconds, base))
        guard let last = lastDecoding, let stream = muxer.context.pointee.streams[Int(index)] else {
            return pts - Int64(source.pointee.codecpar.pointee.video_delay) * step
        }
        return min(pts, av_rescale_q(last, stream.pointee.time_base, base) + shift + step)
    }
}
