import Catalog
import Foundation

/// The facts of a film for people, from what the prober stored.
struct FilmFacts: Sendable, Equatable {
    /// Names and values in the order of the page.
    let lines: [Line]
    /// Container and codecs in one line: `MP4, H.264, AAC`.
    let formats: String

    /// One line.
    struct Line: Sendable, Equatable {
        let name: String
        let value: String
    }

    /// The facts of a content. What the stored answer does not say is left out.
    init(_ media: MediaSummary) {
        let streams = (try? JSONDecoder().decode(Probed.self, from: Data(media.facts)))?.streams ?? []
        let container = CodecNames.container(media.container)
        var lines: [Line] = []
        if let duration = TimeWords.clock(media.duration) { lines.append(Line(name: "Duration", value: duration)) }
        if let width = media.width, let height = media.height {
            let rate = streams.first { $0.kind == "video" }?.frameRate.map { ", \(Self.number($0)) pictures a second" }
            lines.append(Line(name: "Picture", value: "\(width) × \(height)\(rate ?? "")"))
        }
        for stream in streams.prefix(12) {
            guard let line = stream.line else { continue }
            lines.append(line)
        }
        lines.append(Line(name: "Container", value: container))
        let size = "\(ByteWords.decimal(media.size)) (\(ByteWords.grouped(media.size)) bytes)"
        lines.append(Line(name: "Size", value: size))
        lines.append(Line(name: "File", value: media.fileName))
        self.lines = lines
        let codecs = streams.filter { $0.kind == "video" || $0.kind == "audio" }.map { CodecNames.codec($0.codec) }
        var seen: Set<String> = []
        formats = ([container] + codecs).filter { seen.insert($0).inserted }.joined(separator: ", ")
    }

    private static func number(_ value: Double) -> String {
        value.rounded() == value ? String(Int(min(value, 1e6))) : ByteWords.oneDecimal(value)
    }

    private struct Probed: Decodable {
        let streams: [Stream]
    }

    private struct Stream: Decodable {
        let kind: String
        let codec: String
        let language: String?
        let channels: Int?
        let sampleRate: Int?
        let frameRate: Double?

        var line: Line? {
            let name = CodecNames.codec(codec)
            let tongue = language.flatMap { $0 == "und" || $0.isEmpty ? nil : " (\($0))" } ?? ""
            switch kind {
            case "video": return Line(name: "Video", value: name + tongue)
            case "audio":
                let rate = sampleRate.map { "\(ByteWords.oneDecimal(Double($0) / 1000)) kHz" }
                let parts = [name, channels.map(CodecNames.channels), rate].compactMap(\.self)
                return Line(name: "Audio", value: parts.joined(separator: ", ") + tongue)
            case "subtitle": return Line(name: "Subtitles", value: name + tongue)
            default: return nil
            }
        }
    }
}
