import CLibAV
import Media

/// Where encoded packets go: kept until it is known of every stream what it is, then written.
final class EncodedOutput {
    private let muxer: Muxer
    private let output: FilmOutput
    private var waiting: [(packet: UnsafeMutablePointer<AVPacket>, source: CInt, base: AVRational)] = []
    private var waitingBytes = 0
    /// The index in the output of each stream of the film.
    private var indexes: [CInt: CInt] = [:]
    private(set) var hasBegun = false
    private static let waitingLimit = 64 << 20

    init(_ muxer: Muxer, _ output: FilmOutput) { (self.muxer, self.output) = (muxer, output) }

    deinit { drop() }

    /// Takes a packet with times in units of `base`.
    func take(
        _ packet: UnsafeMutablePointer<AVPacket>, of track: any EncodedTrack, _ base: AVRational
    ) throws(ExactFailure) {
        let source = track.source.pointee.index
        guard !hasBegun else { return try write(packet, source, base) }
        guard let copy = av_packet_clone(packet) else { throw .memory }
        waiting.append((copy, source, base))
        waitingBytes += Int(packet.pointee.size)
    }

    /// Whether more waits than should.
    var isCrowded: Bool { waitingBytes > Self.waitingLimit }

    /// Writes the header, and all that has waited.
    ///
    /// - Parameter indexes: the index in the output of each stream of the film that is in it.
    func begin(_ indexes: [CInt: CInt]) throws(ExactFailure) {
        self.indexes = indexes
        guard muxer.begin() else { throw failure }
        hasBegun = true
        defer { drop() }
        for (packet, source, base) in waiting { try write(packet, source, base) }
    }

    var failure: ExactFailure {
        if let number = output.failure { return .report(.outputFailed(number)) }
        return .media(MediaError(.workerFailed, detail: "muxer refused"))
    }

    private func write(
        _ packet: UnsafeMutablePointer<AVPacket>, _ source: CInt, _ base: AVRational
    ) throws(ExactFailure) {
        guard let index = indexes[source], let stream = muxer.context.pointee.streams[Int(index)] else { return }
        packet.pointee.stream_index = index
        packet.pointee.pos = -1
        av_packet_rescale_ts(packet, base, stream.pointee.time_base)
        guard muxer.write(packet) else { throw failure }
    }

    private func drop() {
        for (packet, _, _) in waiting {
            var freed: UnsafeMutablePointer<AVPacket>? = packet
            av_packet_free(&freed)
        }
        (waiting, waitingBytes) = ([], 0)
    }
}
