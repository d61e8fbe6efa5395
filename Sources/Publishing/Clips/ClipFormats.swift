import Catalog
import Foundation
import Media

/// Which formats a film can be cut into: a pure rule over what the prober found. More are taken than are offered.
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

    /// The formats to offer, best first; none where the film cannot be cut so.
    func list(_ mode: ClipMode) -> [ClipFormat] {
        switch mode {
        case .fast: picture == nil ? sounds : pictures
        case .exact: picture == nil ? encodedSounds : encodedPictures
        case .audio: sounds
        }
    }

    /// The formats to offer for its sound alone, encoded anew; none where it has no sound that can be.
    var encodedSounds: [ClipFormat] { encoded(sound, ["m4a", "mp3", "opus", "flac", "wav"]) }

    /// Whether it can be cut into a format, as far as its streams tell: into rarer ones too.
    func fit(_ format: ClipFormat, _ mode: ClipMode) -> Bool {
        guard format.soundOnly || mode != .audio else { return false }
        let streams = format.soundOnly ? [sound] : [picture, sound]
        let needed = streams.compactMap { $0 }
        guard let first = needed.first else { return false }
        return mode == .exact
            ? format.format.isEncodable && first.isDecodable
            : needed.allSatisfy { format.format.holds($0.codec, $0.kind) }
    }

    /// Whether a cut into a format leaves out subtitles that the film has.
    func leavesOutSubtitles(_ format: ClipFormat) -> Bool {
        facts.streams.contains { $0.kind == .subtitle && !format.format.holds($0.codec, .subtitle) }
    }

    /// What is said to fit where `format` does not.
    func alternatives(to format: ClipFormat, _ mode: ClipMode) -> [ClipFormat] {
        guard format.soundOnly else { return list(mode) }
        return mode == .exact ? encodedSounds : sounds
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

    private var encodedPictures: [ClipFormat] { encoded(picture, ["mp4", "webm", "mkv", "mov", "ts"]) }

    /// What is encoded anew fits into whatever there is an encoder for.
    private func encoded(_ stream: StreamFacts?, _ endings: [String]) -> [ClipFormat] {
        stream?.isDecodable == true ? Self.formats(endings).filter(\.format.isEncodable) : []
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
