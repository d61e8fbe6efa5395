import ByteCoding

/// The one rule for everything that names a file, from an upload, a .torrent, a magnet or a peer.
public enum SafeName {
    /// The longest name made by `fileName`, in bytes of UTF-8.
    public static let maximumFileNameLength = 150
    /// The longest path component, in bytes of UTF-8: what file systems allow.
    public static let maximumComponentLength = 255

    /// A stable file name from what an uploader calls the file: without folders, control, bidirectional and reserved
    /// characters, at most 150 bytes with its extension kept, never empty, hidden or a device of Windows.
    public static func fileName(_ raw: String) -> String {
        let separators: Set<Unicode.Scalar> = ["/", "\\"]
        let last = raw.unicodeScalars.split { separators.contains($0) }.last.map(String.init) ?? ""
        var scalars = String.UnicodeScalarView()
        var wasSpace = false
        for scalar in last.unicodeScalars.prefix(4096) where !isInvisible(scalar) {
            let isSpace = scalar.properties.isWhitespace
            if !(isSpace && wasSpace) { scalars.append(isSpace ? " " : isReserved(scalar) ? "_" : scalar) }
            wasSpace = isSpace
        }
        return shortened(named(trimmed(scalars)))
    }

    /// Whether a text can stand as one component of a path without leading elsewhere or meaning something else:
    /// not empty, `.` or `..`, no separator, control or bidirectional character, at most 255 bytes.
    public static func isSafePathComponent(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".." && text.utf8.count <= maximumComponentLength
            && text.unicodeScalars.allSatisfy { $0 != "/" && $0 != "\\" && !isInvisible($0) }
    }

    /// A path from components that come from outside: empty ones and `.` are left out, `..` becomes `__`, separators
    /// and control characters become `_`, too long ones are cut. Nil when nothing is left or more than `depth` are.
    public static func path(_ components: some Sequence<ArraySlice<UInt8>>, depth: Int) -> [String]? {
        var path: [String] = []
        for component in components {
            guard let safe = pathComponent(component) else { continue }
            guard path.count < depth else { return nil }
            path.append(safe)
        }
        return path.isEmpty ? nil : path
    }

    /// One component by the rule of `path`; nil where it is left out.
    public static func pathComponent(_ raw: some Collection<UInt8>) -> String? {
        // Bytes that are not UTF-8 become U+FFFD; more than 4 KiB are never looked at.
        let text = String(decoding: raw.prefix(4096), as: UTF8.self)
        var scalars = String.UnicodeScalarView()
        var length = 0
        for scalar in text.unicodeScalars {
            let safe: Unicode.Scalar = scalar == "/" || scalar == "\\" || isInvisible(scalar) ? "_" : scalar
            length += UTF8.width(safe)
            guard length <= maximumComponentLength else { break }
            scalars.append(safe)
        }
        switch String(scalars) {
        case "", ".": return nil
        case "..": return "__"
        case let safe: return safe
        }
    }

    /// Control characters, and marks that reorder or hide text.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1f, 0x7f...0x9f, 0xad, 0x61c, 0x180e, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff,
            0xfff9...0xfffb, 0xe0000...0xe007f:
            true
        default: false
        }
    }

    /// What file systems, shells of Windows or URLs give a meaning.
    private static func isReserved(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ":", "*", "?", "\"", "<", ">", "|", "%", "#": true
        default: false
        }
    }

    /// Without spaces and dots at both ends; a bare extension such as `.mp4` gets the stem "video".
    private static func trimmed(_ scalars: String.UnicodeScalarView) -> String {
        func isEdge(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "." }
        let start = scalars.drop(while: isEdge)
        let end = start.lastIndex { !isEdge($0) }.map { start.index(after: $0) } ?? start.startIndex
        let name = String(start[..<end])
        let isBareExtension =
            start.startIndex > scalars.startIndex && (1...5).contains(name.utf8.count)
            && name.utf8.allSatisfy { PercentEncoding.isUnreserved($0) && $0 != UInt8(ascii: ".") }
        return isBareExtension ? "video." + name : name
    }

    private static func named(_ name: String) -> String {
        let devices: Set<String> = ["con", "prn", "aux", "nul"]
        let stem = name.prefix { $0 != "." }.lowercased()
        let isPort = stem.utf8.count == 4 && (stem.hasPrefix("com") || stem.hasPrefix("lpt"))
        if name.isEmpty { return "video" }
        return devices.contains(stem) || isPort ? "_" + name : name
    }

    /// Cut to 150 bytes at a character, in front of an extension of up to 15 bytes.
    private static func shortened(_ name: String) -> String {
        guard name.utf8.count > maximumFileNameLength else { return name }
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        let suffix = name[dot...].utf8.count <= 16 ? name[dot...] : ""
        var stem = ""
        for character in name[..<(suffix.isEmpty ? name.endIndex : dot)] {
            guard stem.utf8.count + character.utf8.count + suffix.utf8.count <= maximumFileNameLength else { break }
            stem.append(character)
        }
        while stem.last == " " || stem.last == "." { stem.removeLast() }
        return (stem.isEmpty ? "video" : stem) + suffix
    }
}
