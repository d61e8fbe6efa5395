import CLibAV
import Media

/// Which streams of a film go into a cut.
struct CutStreams {
    enum Choice {
        case streams(CutStreams)
        /// The first does not fit, and the cut would be wrong without it.
        case unfit([CutReport.Stream])
        case nothing
    }

    /// In the film's order, cover art apart.
    private(set) var kept: [UnsafeMutablePointer<AVStream>] = []
    private(set) var covers: [UnsafeMutablePointer<AVStream>] = []
    private(set) var leftOut: [CutReport.Stream] = []
    /// The stream whose key frames say where a cut can begin: the picture that players show, else the first sound.
    let anchor: UnsafeMutablePointer<AVStream>

    static func choose(from film: Demuxer, for format: CutFormat) -> Choice {
        let pictures = format.soundOnly ? [] : film.streams.of(.video)
        let sounds = film.streams.of(.audio)
        guard let anchor = anchor(among: film.streams, soundOnly: format.soundOnly) else { return .nothing }
        let needed = [pictures.mainStream, sounds.mainStream].compactMap { $0 }
        var choice = CutStreams(anchor: anchor)
        for stream in film.streams {
            let named = stream.named
            let isAlone = format.holdsOneStream && named.kind == .audio && stream != sounds.mainStream
            if isAlone || !format.takes(stream, named) {
                if needed.contains(stream) {
                    let others = (pictures + sounds).filter { $0 != stream }.map(\.named)
                    return .unfit([named] + others)
                }
                choice.leftOut.append(named)
            } else if named.kind == .picture {
                choice.covers.append(stream)
            } else {
                choice.kept.append(stream)
            }
        }
        return .streams(choice)
    }

    /// The stream of a film with which a cut begins; nil for a film without any.
    static func anchor(
        among streams: [UnsafeMutablePointer<AVStream>], soundOnly: Bool
    ) -> UnsafeMutablePointer<AVStream>? {
        let pictures = soundOnly ? [] : streams.of(.video)
        return pictures.mainStream ?? streams.of(.audio).mainStream
    }

    private init(anchor: UnsafeMutablePointer<AVStream>) { self.anchor = anchor }

    /// Whether the anchor is a moving picture.
    var hasPicture: Bool { anchor.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO }

    /// Tells the demuxer to pass over everything else.
    func discardOthers(of film: Demuxer) {
        for stream in film.streams where !kept.contains(stream) { stream.pointee.discard = AVDISCARD_ALL }
    }

    /// Whether a kept picture is to be turned.
    var isTurned: Bool {
        kept.contains { stream in
            var size = 0
            guard let matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size), size >= 36 else {
                return false
            }
            return matrix.withMemoryRebound(to: Int32.self, capacity: 9) { av_display_rotation_get($0) }.rounded() != 0
        }
    }
}

extension CutFormat {
    /// Whether `stream` goes into it, by our list and by libav's.
    fileprivate func takes(_ stream: UnsafeMutablePointer<AVStream>, _ named: CutReport.Stream) -> Bool {
        guard holds(named.codec, named.kind), let muxer = av_guess_format(muxer, nil, nil) else { return false }
        // These have no form for pictures whose parts are told apart by lengths rather than by start codes.
        if container == .avi || container == .mpeg, stream.hasLengths { return false }
        // Negative is "not known": then our list decides alone.
        return avformat_query_codec(muxer, stream.pointee.codecpar.pointee.codec_id, 0) != 0
    }
}

extension [UnsafeMutablePointer<AVStream>] {
    func of(_ kind: StreamFacts.Kind) -> Self { filter { $0.named.kind == kind } }

    /// The one that players choose unasked.
    var mainStream: UnsafeMutablePointer<AVStream>? {
        first { $0.pointee.disposition & libav_disposition_default != 0 } ?? first
    }
}

extension UnsafeMutablePointer<AVStream> {
    /// What it carries, and its codec's name.
    var named: CutReport.Stream {
        let parameters = pointee.codecpar.pointee
        let codec = avcodec_get_name(parameters.codec_id).map { String(cString: $0) } ?? "none"
        let kind: StreamFacts.Kind
        switch parameters.codec_type {
        case AVMEDIA_TYPE_VIDEO: kind = pointee.disposition & libav_disposition_picture != 0 ? .picture : .video
        case AVMEDIA_TYPE_AUDIO: kind = .audio
        case AVMEDIA_TYPE_SUBTITLE: kind = .subtitle
        default: kind = .other
        }
        return CutReport.Stream(kind, codec)
    }

    /// Whether it is H.264 or HEVC as MP4 keeps it (ISO/IEC 14496-15): its description begins with the version 1.
    var hasLengths: Bool {
        let parameters = pointee.codecpar.pointee
        return [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC].contains(parameters.codec_id) && parameters.extradata_size > 0
            && parameters.extradata?.pointee == 1
    }

    /// Bytes of a sample of all channels, where sound is nothing but samples; nil for everything else.
    var bytesPerSample: Int64? {
        let parameters = pointee.codecpar.pointee
        let bits = Int64(av_get_exact_bits_per_sample(parameters.codec_id)) * Int64(libav_channels(pointee.codecpar))
        guard parameters.codec_type == AVMEDIA_TYPE_AUDIO, bits > 0, bits % 8 == 0, parameters.sample_rate > 0,
            !named.codec.hasPrefix("adpcm")
        else { return nil }
        return bits / 8
    }
}
