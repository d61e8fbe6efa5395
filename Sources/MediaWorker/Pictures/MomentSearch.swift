import CLibAV
import Media

/// Finds pictures of a film at given moments.
final class MomentSearch {
    private let film: Demuxer
    private let stream: UnsafeMutablePointer<AVStream>
    private let decoder: FrameDecoder
    private let deadline: Deadline
    private let clock: FilmClock
    /// The most pixels of a film that is decoded from its beginning to its end.
    private static let wholeLimit = 1.5e9

    /// Nil when no listed decoder takes the stream.
    init?(_ film: Demuxer, _ stream: UnsafeMutablePointer<AVStream>, _ deadline: Deadline) {
        guard let decoder = FrameDecoder(film, stream) else { return nil }
        (self.film, self.stream, self.decoder, self.deadline) = (film, stream, decoder, deadline)
        clock = FilmClock(film)
    }

    /// Whether the film is so short and small that every picture of it can be decoded.
    static func readsWhole(_ film: Demuxer, _ stream: UnsafeMutablePointer<AVStream>) -> Bool {
        let parameters = stream.pointee.codecpar.pointee
        let seconds = Double(film.context.pointee.duration) / 1_000_000
        let rate = stream.pointee.avg_frame_rate
        let perSecond = rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 30
        return Double(parameters.width) * Double(parameters.height) * seconds * perSecond < wholeLimit
    }

    /// Decodes everything; each moment gets the picture shown at it.
    func readAll(_ sheet: inout PictureSheet) {
        var number = 0
        var shown: Int64?
        while number < sheet.count, !deadline.hasPassed, let frame = decoder.next() {
            guard let time = time(of: frame), let shape = decoder.shape(of: frame) else { continue }
            // Up to the moment this picture was not shown yet: those have the one before.
            while number < sheet.count, shown != nil, time > sheet.moment(number) { number += 1 }
            if number < sheet.count, isNear(time, sheet.moment(number), frame) {
                sheet.put(frame, shape, at: number, time)
            } else if shown == nil {
                sheet.put(frame, shape, at: 0, time)
            }
            shown = time
        }
    }

    /// Goes to each moment, and takes the key frame at or before it.
    func jump(_ sheet: inout PictureSheet) {
        var last: Int64?
        for number in 0..<sheet.count where !deadline.hasPassed {
            guard let key = decoder.keyPacket(at: clock.stamp(sheet.moment(number), in: stream.pointee.time_base))
            else {
                continue
            }
            let time = clock.time(of: key, stream)
            if time != nil, time == last {
                sheet.repeatLast(at: number)
            } else if let frame = decoder.keyFrame(), let shape = decoder.shape(of: frame) {
                sheet.put(frame, shape, at: number, time ?? Int64(number))
                last = time
            }
        }
    }

    /// Reads the film once, and takes key frames as they come.
    func passKeyFrames(_ sheet: inout PictureSheet) {
        guard decoder.rewind() else { return }
        while !deadline.hasPassed, let frame = decoder.nextKeyFrame() {
            guard let time = time(of: frame), time >= 0, let shape = decoder.shape(of: frame) else { continue }
            let number = Int(clamping: time / sheet.interval)
            if sheet.wants(number, time) { sheet.put(frame, shape, at: number, time) }
        }
    }

    private func time(of frame: UnsafeMutablePointer<AVFrame>) -> Int64? {
        guard let time = LibAV.microseconds(frame.pointee.best_effort_timestamp, stream.pointee.time_base),
            time.magnitude < 1 << 60
        else { return nil }
        return time - clock.origin
    }

    /// Whether a picture shown at `time` may be the one that is shown at `moment`.
    private func isNear(_ time: Int64, _ moment: Int64, _ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
        let own = LibAV.microseconds(frame.pointee.pkt_duration, stream.pointee.time_base) ?? 0
        return time + max(own, 40_000) * 2 >= moment
    }
}
