import CLibAV
import Media

/// Times of packets in microseconds from the film's beginning, as a viewer counts.
struct FilmClock {
    /// libav's time of the film's beginning, in microseconds.
    let origin: Int64
    private static let limit: Int64 = 1 << 60
    private static let longestSound: Int64 = 5_000_000
    static let microseconds = AVRational(num: 1, den: 1_000_000)

    /// The clock of a film whose streams are known.
    init(_ film: Demuxer) {
        let start = film.context.pointee.start_time
        self.init(origin: start == libav_no_time ? 0 : start)
    }

    /// A clock for a film that begins at `origin` on its own timeline.
    init(origin: Int64) {
        self.origin = origin.magnitude > UInt64(Self.limit) ? 0 : origin
    }

    /// The clock by which `packet` is shown at `time`: for packets whose own times count from nowhere.
    init?(showing packet: AVPacket, _ stream: UnsafeMutablePointer<AVStream>, at time: Int64) {
        guard let own = FilmClock(origin: 0).time(of: packet, stream) else { return nil }
        self.init(origin: own - time)
    }

    /// When the packet is shown; nil when it does not say.
    func time(of packet: AVPacket, _ stream: UnsafeMutablePointer<AVStream>) -> Int64? {
        film(packet.pts != libav_no_time ? packet.pts : packet.dts, stream)
    }

    /// When the packet is decoded; nil when it does not say.
    func decodingTime(of packet: AVPacket, _ stream: UnsafeMutablePointer<AVStream>) -> Int64? {
        film(packet.dts, stream)
    }

    /// How long the packet is shown, as far as it says.
    func duration(of packet: AVPacket, _ stream: UnsafeMutablePointer<AVStream>) -> Int64 {
        let known = LibAV.microseconds(packet.duration, stream.pointee.time_base) ?? 0
        let isSound = stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO
        // Longer than sounds ever are: a damaged end.
        if isSound, known > Self.longestSound { return 0 }
        if known > 0 { return min(known, 3_600_000_000) }
        let rate = stream.pointee.avg_frame_rate
        guard rate.num > 0, rate.den > 0 else { return 0 }
        return min(1_000_000 * Int64(rate.den) / Int64(rate.num), 3_600_000_000)
    }

    /// A time from the film's beginning in the units of a stream.
    func stamp(_ time: Int64, in base: AVRational) -> Int64 {
        av_rescale_q(time + origin, Self.microseconds, base)
    }

    private func film(_ stamp: Int64, _ stream: UnsafeMutablePointer<AVStream>) -> Int64? {
        guard stamp != libav_no_time, let time = LibAV.microseconds(stamp, stream.pointee.time_base),
            time.magnitude < UInt64(Self.limit)
        else { return nil }
        return time - origin
    }
}
