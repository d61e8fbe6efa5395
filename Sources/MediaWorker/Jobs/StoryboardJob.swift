import CLibAV
import Media

/// Small pictures from all over a film, in one JPEG.
enum StoryboardJob {
    /// The most pictures for each second of a film.
    private static let mostPerSecond = 2.0
    /// Seconds that may be spent on looking: what is there by then is used.
    private static let wallSeconds = 60
    private static let processorSeconds = 45

    /// Nil for sounds, for films of unknown length, and when no listed decoder shows anything.
    static func run(
        _ source: SourceFile, _ deadline: Deadline, frames: Int, width: Int
    ) throws(MediaError) -> [UInt8]? {
        let film = try Demuxer(source, deadline, streams: .always)
        let length = film.context.pointee.duration
        guard length > 0, length < 1 << 50, let chosen = stream(of: film) else { return nil }
        for stream in film.streams where stream != chosen { stream.pointee.discard = AVDISCARD_ALL }
        let most = max(1, (Double(length) / 1_000_000 * mostPerSecond).rounded(.up))
        let count = min(frames, Int(min(most, 1000)))
        let own = Deadline(wallSeconds: wallSeconds, processorSeconds: processorSeconds)
        guard let search = MomentSearch(film, chosen, own) else { return nil }
        var sheet = PictureSheet(count: count, length: length, width: width)
        if MomentSearch.readsWhole(film, chosen) {
            search.readAll(&sheet)
        } else {
            search.jump(&sheet)
            // Some containers cannot be searched by time: their key frames are passed one by one.
            if sheet.filled <= 1, count > 1 { search.passKeyFrames(&sheet) }
        }
        if deadline.hasPassed { throw MediaError(.timedOut, detail: "storyboard") }
        return try sheet.board()?.encoded()
    }

    /// The moving picture that players show.
    private static func stream(of film: Demuxer) -> UnsafeMutablePointer<AVStream>? {
        let moving = film.streams.filter {
            $0.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO && !film.isStill($0)
        }
        return moving.first { $0.pointee.disposition & libav_disposition_default != 0 } ?? moving.first
    }
}
