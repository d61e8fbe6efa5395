import CLibAV
import Media

/// Where a cut begins: the last key frame at or before a time.
struct KeyFrame {
    /// Microseconds from the film's beginning.
    var time: Int64
    /// The packet's own time, by which it is known again.
    let stamp: Int64
    /// When the picture began to be shown that is on the screen at the time that was looked for, in microseconds; nil when
    /// the film begins later, and for sounds.
    var onScreen: Int64?
}

/// Finds it by looking: what containers say about places of key frames is a hint, and wrong where pictures are shown in
/// another order than they are stored.
struct KeyFrameSearch {
    let reader: PacketReader
    let anchor: UnsafeMutablePointer<AVStream>
    /// How far before the time to begin looking, in microseconds; then from the beginning.
    private static let steps: [Int64] = [0, 2_000_000, 10_000_000, 60_000_000, 600_000_000]
    /// How far a packet's showing may lie behind its reading where it does not say when it is decoded.
    private static let reordering: Int64 = 2_000_000

    /// The last key frame at or before `time`; the first of all where the film has none so early. Nil when there is
    /// none, or packets have no times.
    func last(before time: Int64) throws(MediaError) -> KeyFrame? {
        for step in Self.steps where step < time {
            guard reader.seek(anchor, to: time - step) else { break }
            if let found = try look(upTo: time), found.time <= time { return found }
        }
        guard reader.rewind() else { return nil }
        return try look(upTo: time)
    }

    /// The same, looking ahead from where the reader stands: what is passed is read again afterwards.
    func ahead(before time: Int64) throws(MediaError) -> KeyFrame? {
        reader.beginKeeping()
        defer { reader.replay() }
        return try look(upTo: time)
    }

    private func look(upTo time: Int64) throws(MediaError) -> KeyFrame? {
        var best: KeyFrame?
        var onScreen: Int64?
        while reader.canKeep, let stream = try reader.next() {
            guard stream == anchor, let shown = reader.clock.time(of: reader.packet.pointee, stream) else { continue }
            let packet = reader.packet.pointee
            if shown <= time { onScreen = max(onScreen ?? shown, shown) }
            if packet.flags & libav_packet_key != 0, packet.flags & libav_packet_corrupt == 0,
                shown <= time || best == nil
            {
                if shown > time || (best.map { $0.time <= shown } ?? true) {
                    best = KeyFrame(time: shown, stamp: packet.stamp)
                }
            }
            if (reader.clock.decodingTime(of: packet, stream) ?? (shown - Self.reordering)) > time { break }
        }
        if anchor.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO, let begin = best?.time, begin <= time {
            best?.onScreen = onScreen
        }
        return best
    }
}

extension AVPacket {
    /// When it is shown, in the units of its stream.
    var stamp: Int64 { pts != libav_no_time ? pts : dts }
}
