import CLibAV
import Glibc
import Media

/// Packets of a film one after the other, from where it was told to look.
final class PacketReader {
    let film: Demuxer
    private(set) var clock: FilmClock
    /// The packet read last.
    let packet: UnsafeMutablePointer<AVPacket>
    private let source: SourceFile
    private let deadline: Deadline
    /// Where the media of a splice lies, whose packets have times; zero for none.
    private let mediaStart: Int64
    private let parent = getppid()
    private var count: UInt = 0
    /// Packets to read again, the next one last.
    private var again: [UnsafeMutablePointer<AVPacket>] = []
    /// Packets that were read while `keeps`.
    private var kept: [UnsafeMutablePointer<AVPacket>] = []
    private var keptBytes = 0
    private var keeps = false
    /// How many packets in a row lay where nothing may be read.
    private var outside = 0
    private static let outsideLimit = 20_000
    private static let keptLimit = 128 << 20
    /// How far before a key frame to begin, in microseconds: for sounds that lie ahead of their pictures, or need what
    /// comes before them, and for times that are told only now and then.
    private static let lead: Int64 = 1_000_000

    init(_ film: Demuxer, _ source: SourceFile, _ guide: CutGuide?, _ deadline: Deadline) throws(MediaError) {
        guard let packet = av_packet_alloc() else { throw MediaError(.workerFailed, detail: "memory") }
        (self.film, self.source, self.deadline, self.packet) = (film, source, deadline, packet)
        mediaStart = guide?.splice.flatMap { $0.time == nil ? Int64(clamping: $0.place) : nil } ?? 0
        clock = guide.map { FilmClock(origin: $0.origin) } ?? FilmClock(film)
        if film.leavesOutTimes { film.context.pointee.flags |= AVFMT_FLAG_GENPTS }
        if let time = guide?.splice?.time { try setClock(to: time) }
    }

    deinit {
        var freed: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&freed)
        drop()
    }

    /// Reads the next packet and returns its stream; nil at the end, which a damaged place is too.
    func next() throws(MediaError) -> UnsafeMutablePointer<AVStream>? {
        if let last = again.popLast() {
            av_packet_unref(packet)
            av_packet_move_ref(packet, last)
            var freed: UnsafeMutablePointer<AVPacket>? = last
            av_packet_free(&freed)
            if keeps { keep() }
            return film.streams[Int(packet.pointee.stream_index)]
        }
        while true {
            av_packet_unref(packet)
            source.wasOutside = false
            let status = av_read_frame(film.context, packet)
            count &+= 1
            // Nobody waits for the answer any more.
            if count % 256 == 0, getppid() != parent { throw MediaError(.timedOut, detail: "left alone") }
            if deadline.hasPassed || status == libav_interrupted { throw MediaError(.timedOut, detail: "cut") }
            if status == libav_again { continue }
            if status < 0, source.wasOutside, outside < Self.outsideLimit {
                outside += 1
                continue
            }
            guard status >= 0, !source.hasFailed else { return nil }
            outside = 0
            let index = Int(packet.pointee.stream_index)
            guard packet.pointee.size > 0, film.streams.indices.contains(index), !isHeader else { continue }
            if keeps { keep() }
            return film.streams[index]
        }
    }

    /// Whether the packet lies among the headers, before the media of a splice.
    private var isHeader: Bool { packet.pointee.pos >= 0 && packet.pointee.pos < mediaStart }

    /// From now on packets are kept, to be read again.
    func beginKeeping() { keeps = true }

    /// Whether more packets may be kept.
    var canKeep: Bool { keptBytes < Self.keptLimit }

    /// Goes back to where keeping began.
    func replay() {
        again += kept.reversed()
        (kept, keptBytes, keeps) = ([], 0, false)
    }

    /// Goes to where `stream` can be decoded at `time` or a little before; false where the container cannot be searched.
    func seek(_ stream: UnsafeMutablePointer<AVStream>, to time: Int64) -> Bool {
        av_seek_frame(
            film.context, stream.pointee.index, clock.stamp(time, in: stream.pointee.time_base), libav_seek_backward)
            >= 0
    }

    /// Goes to where the first packets can lie of a clip that begins with `first`, or before it at `start`. False where
    /// nothing can be searched.
    func goBack(to first: KeyFrame, of anchor: UnsafeMutablePointer<AVStream>, _ start: Int64) -> Bool {
        // What comes before the first picture is not found by the places of pictures.
        let guides = first.time <= start ? anchor : film.streams.of(.audio).mainStream ?? anchor
        let begin = min(first.time, start) - Self.lead
        return (begin > 0 && seek(guides, to: begin)) || rewind(by: guides == anchor ? nil : guides)
    }

    /// Goes to the film's beginning, which is that of `stream` where that is given.
    func rewind(by stream: UnsafeMutablePointer<AVStream>? = nil) -> Bool {
        // Streams of packets without a table are searched by guesses, which miss their very first.
        if [.mpegts, .mpeg].contains(film.container), av_seek_frame(film.context, -1, 0, AVSEEK_FLAG_BYTE) >= 0 {
            return true
        }
        if let stream, seek(stream, to: 0) { return true }
        return av_seek_frame(film.context, -1, clock.origin, libav_seek_backward) >= 0
            || av_seek_frame(film.context, -1, 0, libav_seek_backward) >= 0
            || av_seek_frame(film.context, -1, 0, AVSEEK_FLAG_BYTE) >= 0
    }

    /// Sets the clock so that the first packet is shown at `time`; that packet is read again.
    private func setClock(to time: Int64) throws(MediaError) {
        beginKeeping()
        if let stream = try next(), let set = FilmClock(showing: packet.pointee, stream, at: time) { clock = set }
        replay()
    }

    private func keep() {
        guard let copy = av_packet_clone(packet) else { return }
        kept.append(copy)
        keptBytes += Int(packet.pointee.size)
    }

    private func drop() {
        for packet in kept + again {
            var freed: UnsafeMutablePointer<AVPacket>? = packet
            av_packet_free(&freed)
        }
        (kept, again) = ([], [])
    }
}
