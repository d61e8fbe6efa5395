import CLibAV
import Glibc
import Media

/// Decodes a film from the key frame before an interval, and encodes exactly that interval anew.
struct ExactCutJob {
    private let order: CutOrder
    private let film: Demuxer
    private let output: FilmOutput
    private let reader: PacketReader
    /// The longest interval, in microseconds.
    static let longest: Int64 = 600_000_000
    /// How far, in microseconds, packets of one stream may lie behind others in the file.
    private static let slack: Int64 = 30_000_000
    /// How far before the first frame to begin, so that sounds that need what came before are right.
    private static let lead: Int64 = 1_000_000

    init(
        _ order: CutOrder, _ source: SourceFile, _ output: FilmOutput, _ deadline: Deadline
    ) throws(MediaError) {
        (self.order, self.output) = (order, output)
        film = try Demuxer(source, deadline, order.guide) { streams in
            CutStreams.anchor(among: streams, soundOnly: order.format?.soundOnly ?? false)
        }
        reader = try PacketReader(film, source, order.guide, deadline)
    }

    func run() throws(MediaError) -> CutReport {
        do {
            return try make()
        } catch {
            switch error {
            case .report(let report): return report
            case .media(let error): throw error
            }
        }
    }

    private var format: CutFormat {
        guard let format = order.format else {
            let own = CutFormat(film.container)
            return own.isEncodable ? own : CutFormat(.matroska)
        }
        return format
    }

    private func make() throws(ExactFailure) -> CutReport {
        let format = format
        guard let encoders = EncodedFormat(format) else { return .unfit([], format) }
        let streams = try EncodedStreams(of: film, for: format)
        guard let anchor = streams.anchor else { return .nothing }
        streams.discardOthers(of: film)
        let end = min(order.end, knownEnd ?? .max)
        guard end - order.start <= Self.longest else { return .tooLong }
        guard let first = try start(at: anchor, isPicture: streams.picture != nil) else { return .noTimes }
        guard first.time < order.end else { return .beyondEnd(knownEnd ?? 0) }
        let muxer = try media { () throws(MediaError) in try Muxer(format, output, length: max(0, end - order.start)) }
        muxer.copyTags(of: film)
        let work = EncodedWork(
            film: film, reader: reader, format: format, encoders: encoders,
            interval: order.start..<min(order.end, order.start + Self.longest), encoderFlags: muxer.encoderFlags,
            isSent: order.output == .stream)
        let clip = try EncodedClip(work, streams, muxer, output)
        try fill(clip, from: first, anchor)
        return try clip.finish(knownEnd: knownEnd)
    }

    /// Finds the first key frame to decode, and stands before it.
    private func start(
        at anchor: UnsafeMutablePointer<AVStream>, isPicture: Bool
    ) throws(ExactFailure) -> KeyFrame? {
        let search = KeyFrameSearch(reader: reader, anchor: anchor)
        let isGuided = order.guide.map { $0.splice != nil || !$0.ranges.isEmpty } ?? false
        let found = try media { () throws(MediaError) in
            isGuided ? try search.ahead(before: order.start) : try search.last(before: order.start)
        }
        guard let found, !isGuided else { return found }
        let place = found.time - Self.lead
        return (place > 0 && reader.seek(anchor, to: place)) || reader.rewind() ? found : nil
    }

    /// Feeds all tracks, to the interval's end or the film's.
    private func fill(
        _ clip: EncodedClip, from first: KeyFrame, _ anchor: UnsafeMutablePointer<AVStream>
    ) throws(ExactFailure) {
        var hasBegun = !clip.hasPicture
        while let stream = try media({ () throws(MediaError) in try reader.next() }) {
            let packet = reader.packet
            if stream == anchor, !hasBegun {
                guard packet.pointee.flags & libav_packet_key != 0, packet.pointee.stamp == first.stamp else {
                    continue
                }
                hasBegun = true
            }
            let time = reader.clock.decodingTime(of: packet.pointee, stream)
            try clip.take(packet, of: stream)
            if let time, time > order.start, time - order.start > Self.slack { try clip.begin() }
            if clip.isDone { break }
            if let time, time > order.end, time - order.end > Self.slack { break }
        }
    }

    private var knownEnd: Int64? {
        let duration = film.context.pointee.duration
        return duration > 0 && duration < 1 << 50 ? duration : nil
    }

    private func media<Value>(_ body: () throws(MediaError) -> Value) throws(ExactFailure) -> Value {
        do {
            return try body()
        } catch {
            throw .media(error)
        }
    }
}
