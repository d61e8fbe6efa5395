public import ClipIndex
import Media

/// What a clip's file is called where nobody says: `film 1.02-1.40.mp4`.
public enum ClipName {
    /// The film's name with the times, and its own ending where that is one of a container that can be written.
    public static func name(_ film: String, _ interval: ClipInterval) -> String {
        let dot = film.lastIndex(of: ".").flatMap { $0 == film.startIndex ? nil : $0 }
        let stem = String(film[..<(dot ?? film.endIndex)])
        let ending = CutFormat(fileName: film) != nil ? dot.map { String(film[$0...]) } : nil
        // The longest name of a file has 255 bytes; whole characters are kept.
        var short = ""
        for character in stem {
            guard short.utf8.count + character.utf8.count <= 180 else { break }
            short.append(character)
        }
        // Colons are not allowed everywhere.
        let start = ClipTime.text(interval.startSeconds, separator: ".")
        let isToTheEnd = interval.endSeconds >= ClipRequest.filmEnd
        let end = isToTheEnd ? "end" : ClipTime.text(interval.endSeconds, separator: ".")
        return "\(short) \(start)-\(end)\(ending ?? ".mp4")"
    }
}
