import CLibAV
import Glibc
import Media

/// Decodes a film from the key frame before an interval, and encodes exactly that interval anew.
struct ExactCutJob {
    private let order: CutOrder
    private let film: Demuxer
    private let output: FilmOutput
    private let reader: PacketReader
    /// How far, in microseconds, packets of one stream may lie behind others in the file.
    private static let slack: Int64 = 30_000_000

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
        let end = min(order.end, film.knownEnd ?? .max)
        guard end - order.start <= CutMode.longestExact else { return .tooLong }
        guard let first = try start(at: anchor, isPicture: streams.picture != nil) else { return .noTimes }
        // Sounds may begin before the first picture does.
        guard first.time < order.end || !streams.sounds.isEmpty else { return film.hasNothing(at: order.start) }
        let muxer = try media { () throws(MediaError) in try Muxer(format, output, length: max(0, end - order.start)) }
        muxer.copyTags(of: film)
        let work = EncodedWork(
            film: film, reader: reader, format: format, encoders: encoders,
            interval: order.start..<min(order.end, order.start + CutMode.longestExact),
            encoderFlags: muxer.encoderFlags,
            isSent: order.output == .stream)
        let clip = try EncodedClip(work, streams, muxer, output)
        try fill(clip, from: first, anchor)
        return try clip.finish()
    }

    /// Finds the first key frame to decode, and stands before it.
    private func start(
        at anchor: UnsafeMutablePointer<AVStream>, isPicture: Bool
    ) throws(ExactFailure) -> KeyFrame? {
        let search = KeyFrameSearch(reader: reader, anchor: anchor)
        let found = try media { () throws(MediaError) in
            order.isGuided ? try search.ahead(before: order.start) : try search.last(before: order.start)
        }
        guard let found, !order.isGuided else { return found }
        return reader.goBack(to: found, of: anchor, order.start) ? found : nil
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

    private func media<Value>(_ body: () throws(MediaError) -> Value) throws(ExactFailure) -> Value {
        do {
            return try body()
        } catch {
            throw .media(error)
        }
    }
}
