import CLibAV
import Media

/// A clip while it is being encoded: its tracks, and where they go.
final class EncodedClip {
    let hasPicture: Bool
    private let work: EncodedWork
    private let streams: EncodedStreams
    private let muxer: Muxer
    private let file: FilmOutput
    private let output: EncodedOutput
    private let tracks: [any EncodedTrack]
    private var captions: [CInt: StreamCopy] = [:]
    private var progress = ProgressNotice()

    init(_ work: EncodedWork, _ streams: EncodedStreams, _ muxer: Muxer, _ file: FilmOutput) throws(ExactFailure) {
        (self.work, self.streams, self.muxer, self.file) = (work, streams, muxer, file)
        output = EncodedOutput(muxer, file)
        hasPicture = streams.picture != nil
        var tracks: [any EncodedTrack] = []
        if let picture = streams.picture { tracks.append(try PictureEncoding(picture, work)) }
        for sound in streams.sounds { tracks.append(try SoundEncoding(sound, work)) }
        self.tracks = tracks
    }

    var isDone: Bool { tracks.allSatisfy(\.isDone) }

    /// Takes a packet of the film, for whichever track it is.
    func take(
        _ packet: UnsafeMutablePointer<AVPacket>, of stream: UnsafeMutablePointer<AVStream>
    ) throws(ExactFailure) {
        if let track = tracks.first(where: { $0.source == stream }) {
            try track.take(packet, output)
            if output.isCrowded || tracks.allSatisfy({ $0.encoder != nil }) { try begin() }
            if track === tracks.first { progress.tell(track.end.map { $0 - work.interval.lowerBound }, of: length) }
        } else if let caption = captions[stream.pointee.index] {
            if case .failed = caption.take(packet) { throw output.failure }
        } else if streams.subtitles.contains(stream), !output.hasBegun {
            try keep(packet)
        }
    }

    /// Begins the file with the tracks that have something; what comes of others later is left out.
    func begin() throws(ExactFailure) {
        guard !output.hasBegun, tracks.contains(where: { $0.encoder != nil }) else { return }
        var indexes: [CInt: CInt] = [:]
        for track in tracks {
            guard let encoder = track.encoder else { continue }
            indexes[track.source.pointee.index] = try add { () throws(MediaError) in
                try muxer.addStream(encodedBy: encoder, like: track.source)
            }
        }
        for stream in streams.subtitles {
            let index = try add { () throws(MediaError) in try muxer.addStream(like: stream) }
            captions[stream.pointee.index] = StreamCopy(
                stream, index, muxer, work.reader.clock, from: KeyFrame(time: work.interval.lowerBound, stamp: 0),
                work.interval, zero: work.interval.lowerBound)
        }
        var covers: [(CInt, UnsafeMutablePointer<AVStream>)] = []
        for cover in streams.covers {
            covers.append((try add { () throws(MediaError) in try muxer.addStream(like: cover) }, cover))
        }
        if work.isSent {
            MediaWorker.tell(.beginning(CutBeginning(start: work.interval.lowerBound, format: work.format)))
        }
        try output.begin(indexes)
        for (index, cover) in covers where !muxer.write(cover: cover, to: index) { throw output.failure }
        try writeKept()
    }

    /// Encodes what is held back, and ends the file.
    func finish() throws(ExactFailure) -> CutReport {
        for track in tracks { try track.finish(output) }
        try begin()
        let end = tracks.compactMap(\.end).max()
        guard let end, output.hasBegun else { return work.film.hasNothing(at: work.interval.lowerBound) }
        guard muxer.finish() else { throw output.failure }
        if work.format.beginsAnywhere, !work.isSent { EditEnds(file).move(to: end - work.interval.lowerBound) }
        let missing = tracks.filter { $0.encoder == nil }.map(\.source.named)
        return .made(
            CutReport.Made(
                actualStart: work.interval.lowerBound, actualEnd: max(end, work.interval.lowerBound),
                bytes: file.size, format: work.format, leftOut: streams.leftOut + missing, losesRotation: false))
    }

    private var length: Int64 { muxer.length ?? work.interval.upperBound - work.interval.lowerBound }

    private func add(_ body: () throws(MediaError) -> CInt) throws(ExactFailure) -> CInt {
        do {
            return try body()
        } catch {
            throw .media(error)
        }
    }

    // Captions that come before the file has begun.
    private var kept: [UnsafeMutablePointer<AVPacket>] = []
    private static let keptLimit = 10_000

    deinit { drop() }

    private func keep(_ packet: UnsafeMutablePointer<AVPacket>) throws(ExactFailure) {
        guard kept.count < Self.keptLimit else { return }
        guard let copy = av_packet_clone(packet) else { throw .memory }
        kept.append(copy)
    }

    private func writeKept() throws(ExactFailure) {
        defer { drop() }
        for packet in kept {
            if case .failed? = captions[packet.pointee.stream_index]?.take(packet) { throw output.failure }
        }
    }

    private func drop() {
        for packet in kept {
            var freed: UnsafeMutablePointer<AVPacket>? = packet
            av_packet_free(&freed)
        }
        kept = []
    }
}
