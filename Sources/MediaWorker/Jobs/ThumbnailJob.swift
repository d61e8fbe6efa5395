import CLibAV
import Media

/// A picture of a film: a frame we decoded ourselves, scaled, turned and encoded anew.
enum ThumbnailJob {
    /// Where in the film to look, in percent of its length, until a frame is good.
    private static let positions: [Int64] = [10, 3, 25, 50, 0]
    private static let keyFrameLimit = 60

    /// Nil when no listed decoder shows anything of the file.
    static func run(_ source: SourceFile, _ deadline: Deadline, width: Int) throws(MediaError) -> [UInt8]? {
        let film = try Demuxer(source, deadline, streams: .always)
        guard let chosen = stream(of: film), let decoder = FrameDecoder(film, chosen) else { return nil }
        var best: Picture?
        /// Whether to look no further.
        func consider(_ frame: UnsafeMutablePointer<AVFrame>?) -> Bool {
            guard let frame, let shape = decoder.shape(of: frame),
                let picture = Picture(frame, shape: shape, width: width)
            else { return false }
            if best.map({ picture.contrast > $0.contrast }) ?? true { best = picture }
            return picture.isTelling
        }

        if film.isStill(chosen) {
            _ = consider(decoder.stillFrame())
        } else if !positions.contains(where: { !deadline.hasPassed && consider(decoder.frame(atPercent: $0)) }) {
            // Some containers cannot be searched by time: go through the key frames from the last position, the start.
            for _ in 0..<keyFrameLimit where !deadline.hasPassed {
                guard let frame = decoder.nextKeyFrame(), !consider(frame) else { break }
            }
        }
        return try best.flatMap { picture throws(MediaError) in try JPEGEncoder.encode(picture) }
    }

    /// The moving picture that players would show, else the cover art.
    private static func stream(of film: Demuxer) -> UnsafeMutablePointer<AVStream>? {
        let pictures = film.streams.filter { $0.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO }
        let moving = pictures.filter { !film.isStill($0) }
        let shown = moving.first { $0.pointee.disposition & libav_disposition_default != 0 } ?? moving.first
        return shown ?? pictures.first
    }
}

extension Demuxer {
    /// Whether a stream is one picture kept beside the film, such as cover art.
    func isStill(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
        stream.pointee.disposition & libav_disposition_picture != 0
    }
}
