import CLibAV
import Media

/// Which streams of a film go into a clip that is encoded anew.
struct EncodedStreams {
    /// The moving picture that players show.
    let picture: UnsafeMutablePointer<AVStream>?
    let sounds: [UnsafeMutablePointer<AVStream>]
    /// Copied as they are, where the container holds them.
    let subtitles: [UnsafeMutablePointer<AVStream>]
    let covers: [UnsafeMutablePointer<AVStream>]
    let leftOut: [CutReport.Stream]

    /// Throws a report when there is nothing to encode, and `codecNotAllowed` when what players show or play unasked
    /// has no listed decoder.
    init(of film: Demuxer, for format: CutFormat) throws(ExactFailure) {
        let main = format.soundOnly ? nil : film.streams.of(.video).mainStream
        let mainSound = film.streams.of(.audio).mainStream
        for stream in [main, mainSound] {
            guard let stream, LibAV.decoder(for: stream.pointee.codecpar.pointee.codec_id) == nil else { continue }
            throw .media(MediaError(.codecNotAllowed, detail: stream.named.codec))
        }
        let isAlone = format.holdsOneStream
        var (sounds, subtitles, covers): ([UnsafeMutablePointer<AVStream>], [UnsafeMutablePointer<AVStream>], _) = (
            [], [], [UnsafeMutablePointer<AVStream>]()
        )
        var leftOut: [CutReport.Stream] = []
        for stream in film.streams where stream != main {
            let named = stream.named
            let isDecodable = LibAV.decoder(for: stream.pointee.codecpar.pointee.codec_id) != nil
            switch named.kind {
            case .audio where isDecodable && (!isAlone || stream == mainSound): sounds.append(stream)
            case .subtitle where format.holds(named.codec, .subtitle): subtitles.append(stream)
            case .picture where format.holds(named.codec, .picture): covers.append(stream)
            default: leftOut.append(named)
            }
        }
        guard main != nil || !sounds.isEmpty else { throw .report(.nothing) }
        (picture, self.sounds, self.subtitles) = (main, sounds, subtitles)
        (self.covers, self.leftOut) = (covers, leftOut)
    }

    /// The stream whose key frames say where decoding begins.
    var anchor: UnsafeMutablePointer<AVStream>? { picture ?? sounds.mainStream }

    /// Tells the demuxer to pass over everything else.
    func discardOthers(of film: Demuxer) {
        let kept = sounds + subtitles + [picture].compactMap { $0 }
        for stream in film.streams where !kept.contains(stream) { stream.pointee.discard = AVDISCARD_ALL }
    }
}
