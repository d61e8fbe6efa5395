import ByteCoding
import Metainfo

/// The torrents an allow file names, and the lines of it that are not understood.
///
/// A line holds one info hash in hex: 40 digits, or the 64 of a v2 hash, which trackers know by its first 20 bytes
/// (BEP 52). A second hash on the line is the other one of a hybrid torrent, whose swarms are then one. Blank lines
/// count for nothing, nor does what follows `#`.
struct HashList: Equatable, Sendable {
    /// Each torrent with the other hash of its hybrid, where it has one.
    private(set) var torrents: [InfoHash: InfoHash?] = [:]
    /// The numbers of the broken lines, from 1; the first hundred of them.
    private(set) var brokenLines: [Int] = []
    /// How many lines are broken.
    private(set) var brokenCount = 0

    private static let separators: Set<UInt8> = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")]

    /// Reads a whole file.
    init(_ text: [UInt8]) {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() { read(line, number: index + 1) }
    }

    private mutating func read(_ line: ArraySlice<UInt8>, number: Int) {
        let content = line.prefix { $0 != UInt8(ascii: "#") }
        let words = content.split { Self.separators.contains($0) }
        guard let first = words.first else { return }
        let hashes = words.prefix(2).compactMap(Self.hash)
        guard hashes.count == words.count, let hash = Self.hash(first) else {
            brokenCount += 1
            if brokenLines.count < 100 { brokenLines.append(number) }
            return
        }
        torrents[hash] = .some(hashes.count == 2 && hashes[1] != hash ? hashes[1] : nil)
    }

    private static func hash(_ word: ArraySlice<UInt8>) -> InfoHash? {
        guard word.count == 40 || word.count == 64, let bytes = Hex.decode(word) else { return nil }
        return InfoHash(bytes: bytes.prefix(InfoHash.byteCount))
    }
}
