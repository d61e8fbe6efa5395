import Foundation
import Media

/// What `cut` tells of a clip, by the names that `get` uses.
struct CutOutcome: Encodable {
    /// The film's path, as it was given.
    let film: String
    /// The clip's path.
    let path: String
    let facts: CutFacts

    enum CodingKeys: String, CodingKey {
        case film, path, start, end, duration, bytes, container, notes
        case actualStart = "actual_start"
        case beginsAsAsked = "begins_as_asked"
        case fileExtension = "file_extension"
        case leftOut = "left_out"
        case losesRotation = "loses_rotation"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(film, forKey: .film)
        try container.encode(path, forKey: .path)
        try container.encode(facts.start, forKey: .start)
        try container.encode(facts.end, forKey: .end)
        try container.encode(facts.actualStart, forKey: .actualStart)
        try container.encode(facts.beginsAsAsked, forKey: .beginsAsAsked)
        try container.encode(facts.duration, forKey: .duration)
        try container.encode(facts.bytes, forKey: .bytes)
        try container.encode(facts.container, forKey: .container)
        try container.encode(facts.fileExtension, forKey: .fileExtension)
        try container.encode(facts.leftOut, forKey: .leftOut)
        try container.encode(facts.losesRotation, forKey: .losesRotation)
        try container.encode(facts.worthTelling, forKey: .notes)
    }

    /// The clip for people.
    var lines: [String] {
        let length = String(format: "%.3f s", facts.duration)
        return ["\(path)  \(length)  \(Output.size(Int64(clamping: facts.bytes)))"] + facts.worthTelling
    }
}
