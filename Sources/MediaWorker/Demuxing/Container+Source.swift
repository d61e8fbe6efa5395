import CLibAV
import Media

extension Container {
    /// The container of a file that `format` speaks for; nil when that demuxer is not listed, or the file is a still
    /// picture in a film's container (HEIF, AVIF).
    init?(_ source: SourceFile, format: UnsafePointer<AVInputFormat>) {
        let names = String(cString: format.pointee.name).split(separator: ",")
        guard let demuxer = LibAV.demuxers.first(where: { names.contains(Substring($0)) }) else { return nil }
        switch demuxer {
        case "mov":
            let boxes = MovieBoxes(source, upTo: "moov")
            if boxes.first("meta") != nil && boxes.first("moov") == nil { return nil }
            let brand = boxes.first("ftyp").flatMap { source.bytes(at: $0.payload.lowerBound, count: 4) }
            self = brand.map { $0 == Array("qt  ".utf8) } ?? true ? .mov : .mp4
        case "matroska": self = MatroskaElements(source).documentType == "webm" ? .webm : .matroska
        case "mpeg", "mpegvideo": self = .mpeg
        default:
            guard let container = Container(rawValue: demuxer) else { return nil }
            self = container
        }
    }
}
