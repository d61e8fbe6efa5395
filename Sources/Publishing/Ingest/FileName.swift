import Media
import Metainfo

/// The stable name that a film has in torrents and downloads.
enum FileName {
    /// The safe form of the uploaded name. Where it ends in no extension, the usual one of what the worker saw is
    /// added, so that a saved file opens in a player.
    static func of(_ original: String, _ facts: MediaFacts) -> String {
        let safe = SafeName.fileName(original)
        return hasExtension(safe) ? safe : SafeName.fileName(safe + "." + facts.fileExtension)
    }

    /// Whether the name ends in a dot and one to five ASCII letters or digits.
    private static func hasExtension(_ name: String) -> Bool {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.utf8.startIndex else { return false }
        let tail = name.utf8[name.utf8.index(after: dot)...]
        return (1...5).contains(tail.count)
            && tail.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            }
    }
}
