import CLibAV
import Media

/// What a file is: container, length, tags and streams.
///
/// A film in a listed container is accepted whatever its codecs, and published without thumbnail where no listed decoder
/// shows its picture: a decoder that is not listed is never opened.
enum ProbeJob {
    static func run(_ source: SourceFile, _ deadline: Deadline) throws(MediaError) -> ReportedFacts {
        let film = try Demuxer(source, deadline, streams: .always)
        let context = film.context
        let streams = film.streams.map { StreamFacts(context, $0) }
        guard film.carriesMedia else { throw MediaError(.notAVideo, detail: "no stream of picture or sound") }
        let duration = context.pointee.duration
        let seconds = duration > 0 ? Double(duration) / 1_000_000 : 0
        let rate = seconds > 0 ? Double(source.size) * 8 / seconds : 0
        return ReportedFacts(
            container: film.container, duration: duration > 0 ? UInt64(duration) : nil,
            bitRate: rate >= 1 ? UInt64(exactly: rate.rounded()) : nil,
            title: context.pointee.metadata.value("title"),
            artist: context.pointee.metadata.value("artist") ?? context.pointee.metadata.value("author"),
            streams: streams)
    }
}

extension Demuxer {
    /// Whether there is a moving picture, or sound with the facts that sound has.
    fileprivate var carriesMedia: Bool {
        streams.contains { stream in
            guard let parameters = stream.pointee.codecpar else { return false }
            switch parameters.pointee.codec_type {
            case AVMEDIA_TYPE_VIDEO: return stream.pointee.disposition & libav_disposition_picture == 0
            case AVMEDIA_TYPE_AUDIO: return parameters.pointee.sample_rate > 0 || container != .mp3
            default: return false
            }
        }
    }
}

extension Optional where Wrapped == OpaquePointer {
    /// The value of a tag in libav's dictionary.
    func value(_ key: String) -> String? {
        guard let entry = av_dict_get(self, key, nil, 0), let text = entry.pointee.value else { return nil }
        return String(cString: text)
    }
}
