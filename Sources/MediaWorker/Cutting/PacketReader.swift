import CLibAV
import Glibc
import Media

/// Packets of a film one after the other, from where it was told to look.
final class PacketReader {
    let film: Demuxer
    let clock: FilmClock
    /// The packet read last.
    let packet: UnsafeMutablePointer<AVPacket>
    private let deadline: Deadline
    private let parent = getppid()
    private var count: UInt = 0

    init(_ film: Demuxer, _ deadline: Deadline) throws(MediaError) {
        guard let packet = av_packet_alloc() else { throw MediaError(.workerFailed, detail: "memory") }
        (self.film, self.deadline, self.packet, clock) = (film, deadline, packet, FilmClock(film))
        // These leave out when pictures are shown: libav then looks ahead to find out.
        if [.mpeg, .avi].contains(film.container) { film.context.pointee.flags |= AVFMT_FLAG_GENPTS }
    }

    deinit {
        var freed: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&freed)
    }

    /// Reads the next packet and returns its stream; nil at the end, which a damaged place is too.
    func next() throws(MediaError) -> UnsafeMutablePointer<AVStream>? {
        while true {
            av_packet_unref(packet)
            let status = av_read_frame(film.context, packet)
            count &+= 1
            // Nobody waits for the answer any more.
            if count % 256 == 0, getppid() != parent { throw MediaError(.timedOut, detail: "left alone") }
            if deadline.hasPassed || status == libav_interrupted { throw MediaError(.timedOut, detail: "cut") }
            if status == libav_again { continue }
            guard status >= 0 else { return nil }
            let index = Int(packet.pointee.stream_index)
            guard packet.pointee.size > 0, film.streams.indices.contains(index) else { continue }
            return film.streams[index]
        }
    }

    /// Goes to where `stream` can be decoded at `time` or a little before; false where the container cannot be searched.
    func seek(_ stream: UnsafeMutablePointer<AVStream>, to time: Int64) -> Bool {
        av_seek_frame(
            film.context, stream.pointee.index, clock.stamp(time, in: stream.pointee.time_base), libav_seek_backward)
            >= 0
    }

    /// Goes to the film's beginning.
    func rewind() -> Bool {
        // Streams of packets without a table are searched by guesses, which miss their very first.
        if [.mpegts, .mpeg].contains(film.container), av_seek_frame(film.context, -1, 0, AVSEEK_FLAG_BYTE) >= 0 {
            return true
        }
        return av_seek_frame(film.context, -1, clock.origin, libav_seek_backward) >= 0
            || av_seek_frame(film.context, -1, 0, libav_seek_backward) >= 0
            || av_seek_frame(film.context, -1, 0, AVSEEK_FLAG_BYTE) >= 0
    }
}
