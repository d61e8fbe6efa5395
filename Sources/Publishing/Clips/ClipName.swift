import ClipIndex
import Metainfo

/// The name of a clip's file: the film's without its ending, the times, the clip's ending.
public enum ClipName {
    /// `film 1.02-1.40.mp4`: one plain name, whatever the film is called, under 255 bytes.
    public static func of(_ fileName: String, start: Double, end: Double, ending: String) -> String {
        var stem = SafeName.fileName(fileName)
        if let dot = stem.lastIndex(of: "."), dot > stem.startIndex { stem = String(stem[..<dot]) }
        let times = [start, end].map { ClipTime.text($0, separator: ".") }
        return "\(stem) \(times.joined(separator: "-")).\(ending)"
    }
}
