import Catalog
import Foundation
import Media

/// Which formats a film can be cut into: a pure rule over what the prober found.
struct ClipFormats {
    private let facts: MediaFacts
    private let picture: StreamFacts?
    private let sound: StreamFacts?

    /// Nil where the stored facts cannot be read.
    init?(_ media: MediaSummary) {
        guard let facts = try? JSONDecoder().decode(MediaFacts.self, from: Data(media.facts)) else { return nil }
        self.facts = facts
        picture = Self.main(.video, in: facts)
        sound = Self.main(.audio, in: facts)
    }

    /// The formats, best first; none where the film cannot be cut so.
    func list(_ mode: ClipMode) -> [ClipFormat] {
        switch mode {
        case .fast: picture == nil ? sounds : pictures
        case .exact: encoded
        case .audio: sounds
        }
    }

    /// MP4 before all others, since only there players begin at the asked start; then what the film is itself. The
    /// packets of AVI may lack the times that others need, so that there it is the other way round.
    private var pictures: [ClipFormat] {
        let streams = [picture, sound].compactMap { $0 }
        let first = facts.container == "avi" ? ["avi", "mp4"] : ["mp4", facts.fileExtension]
        return Self.formats(first + ["webm", "mov", "mkv", "ts"]).filter { format in
            !format.soundOnly && streams.allSatisfy { format.format.holds($0.codec, $0.kind) }
        }
    }

    /// What is encoded anew fits into whatever there is an encoder for.
    private var encoded: [ClipFormat] {
        guard (picture ?? sound)?.isDecodable == true else { return [] }
        let endings = picture == nil ? ["m4a", "mp3", "opus", "flac", "wav"] : ["mp4", "webm", "mkv", "mov"]
        return Self.formats(endings).filter(\.format.isEncodable)
    }

    private var sounds: [ClipFormat] {
        guard let sound else { return [] }
        let ogg = sound.codec == "opus" ? "opus" : "ogg"
        let own = facts.isAudio ? [facts.fileExtension] : []
        return Self.formats(own + ["m4a", "mp3", ogg, "flac", "wav", "aac", "mka"]).filter { format in
            format.soundOnly && format.format.holds(sound.codec, sound.kind)
        }
    }

    /// The stream that players choose unasked.
    private static func main(_ kind: StreamFacts.Kind, in facts: MediaFacts) -> StreamFacts? {
        let streams = facts.streams.filter { $0.kind == kind }
        return streams.first(where: \.isDefault) ?? streams.first
    }

    /// Each format once.
    private static func formats(_ endings: [String]) -> [ClipFormat] {
        var formats: [ClipFormat] = []
        for format in endings.compactMap({ ClipFormat(ending: $0) })
        where !formats.contains(where: { $0.format == format.format }) {
            formats.append(format)
        }
        return formats
    }
}
