import CLibAV
import Media

/// Copies the packets of an interval, from the key frame before it, into another container; nothing is decoded.
struct CutJob {
    private let order: CutOrder
    private let film: Demuxer
    private let output: FilmOutput
    private let reader: PacketReader
    /// How far, in microseconds, packets of one stream may lie behind others in the file.
    private static let slack: Int64 = 30_000_000
    /// Clips that begin earlier are looked for from the film's beginning, in microseconds.
    private static let nearBeginning: Int64 = 1_000_000

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
        let format = order.format.map { resolved($0) } ?? CutFormat(film.container)
        let streams: CutStreams
        switch CutStreams.choose(from: film, for: format) {
        case .streams(let chosen): streams = chosen
        case .unfit(let named): return .unfit(named, format)
        case .nothing: return .nothing
        }
        streams.discardOthers(of: film)
        let search = KeyFrameSearch(reader: reader, anchor: streams.anchor)
        let found = looksAhead ? try search.ahead(before: order.start) : try search.last(before: order.start)
        guard var first = found else { return .noTimes }
        // Sound that is nothing but samples can begin with any of them.
        if streams.anchor.bytesPerSample != nil, first.time < order.start { first.time = order.start }
        let interval = order.start..<order.end
        if let guide = order.guide, !film.hasPackets(of: streams.kept, from: first, interval, in: guide) {
            throw MediaError(.broken, detail: "packets outside the plan")
        }
        guard first.time < interval.upperBound else { return film.hasNothing(at: order.start) }
        return try copy(streams, as: format, from: first, interval)
    }

    /// Whether to look ahead from where the reader stands: where nothing else may be read, and at the beginning of a
    /// film whose first packets say all that packets further on do.
    private var looksAhead: Bool { order.isGuided || (order.start < Self.nearBeginning && !film.leavesOutTimes) }

    /// An `.ogg` of a film in that container is that film.
    private func resolved(_ format: CutFormat) -> CutFormat {
        format.container == .ogg && film.container == .ogg ? CutFormat(.ogg) : format
    }

    private func copy(
        _ streams: CutStreams, as format: CutFormat, from first: KeyFrame, _ interval: Range<Int64>
    ) throws(MediaError) -> CutReport {
        let muxer = try Muxer(format, output)
        muxer.copyTags(of: film)
        // Where players can be told to, they begin at the asked time, and the key frame lies before zero.
        // Pictures may come later than sounds: then the cut begins with these.
        let begin = min(first.time, interval.lowerBound)
        // What is on the screen then was shown a little earlier.
        let zero = format.beginsAnywhere && order.output == .file ? first.onScreen ?? interval.lowerBound : begin
        var copies: [CInt: StreamCopy] = [:]
        for stream in streams.kept {
            let index = try muxer.addStream(like: stream)
            copies[stream.pointee.index] = StreamCopy(
                stream, index, muxer, reader.clock, from: first, interval, zero: zero)
        }
        var covers: [(CInt, UnsafeMutablePointer<AVStream>)] = []
        if order.output == .stream { MediaWorker.tell(.beginning(CutBeginning(start: begin, format: format))) }
        for stream in streams.covers { covers.append((try muxer.addStream(like: stream), stream)) }
        guard muxer.begin(), covers.allSatisfy({ muxer.write(cover: $0.1, to: $0.0) }) else {
            return output.failure.map { .outputFailed($0) } ?? .unfit(streams.kept.map(\.named), format)
        }
        if let trouble = try fill(copies, muxer, streams, first, interval) { return trouble }
        let end = copies.values.compactMap { $0.kind == .subtitle ? nil : $0.end }.max()
        guard let end, end > interval.lowerBound || first.time >= interval.lowerBound else {
            return .beyondEnd(end ?? film.knownEnd ?? 0)
        }
        guard muxer.finish() else { return .outputFailed(output.failure ?? 0) }
        if format.beginsAnywhere, order.output == .file { EditEnds(output).move(to: interval.upperBound - zero) }
        if format.container == .avi { InterleaveStarts(output).set(Self.starts(of: copies.values)) }
        return .made(
            CutReport.Made(
                actualStart: begin, actualEnd: max(end, begin), bytes: output.size, format: format,
                leftOut: streams.leftOut, losesRotation: streams.isTurned && !format.keepsRotation))
    }

    /// When each stream of the output begins, in microseconds after the first of all.
    private static func starts(of copies: some Sequence<StreamCopy>) -> [Int: Int64] {
        let begun = copies.compactMap { copy in copy.beginning.map { (Int(copy.index), $0) } }
        let first = begun.map(\.1).min() ?? 0
        return Dictionary(begun.map { ($0, $1 - first) }) { first, _ in first }
    }

    /// Copies what belongs into the cut; a report when that went wrong.
    private func fill(
        _ copies: [CInt: StreamCopy], _ muxer: Muxer, _ streams: CutStreams, _ first: KeyFrame,
        _ interval: Range<Int64>
    ) throws(MediaError) -> CutReport? {
        let anchor = streams.anchor
        guard looksAhead || reader.goBack(to: first, of: anchor, interval.lowerBound) else { return .noTimes }
        var hasBegun = !streams.hasPicture
        while let stream = try reader.next() {
            let packet = reader.packet
            guard let copy = copies[stream.pointee.index] else { continue }
            if stream == anchor, !hasBegun {
                guard packet.pointee.flags & libav_packet_key != 0, packet.pointee.stamp == first.stamp else {
                    continue
                }
                hasBegun = true
            }
            let time = reader.clock.decodingTime(of: packet.pointee, stream)
            switch copy.take(packet) {
            case .passed, .written: break
            case .noTimes: return .noTimes
            case .failed:
                return output.failure.map { .outputFailed($0) } ?? .unfit(streams.kept.map(\.named), muxer.format)
            }
            if copies.values.allSatisfy({ $0.isDone || $0.kind == .subtitle }) { break }
            if let time, time > interval.upperBound, time - interval.upperBound > Self.slack { break }
        }
        return nil
    }
}
