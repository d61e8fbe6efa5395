/// The passkeys a file names, and the lines of it that are not understood.
///
/// A line holds one key: 1 to 64 letters, digits, `-`, `_`, `.` or `~`, so that it stands in a URL as it is. Blank lines
/// count for nothing, nor do those that begin with `#`.
struct PasskeyList: Equatable, Sendable {
    /// The keys.
    private(set) var keys: Set<String> = []
    /// The numbers of the broken lines, from 1; the first hundred of them.
    private(set) var brokenLines: [Int] = []
    /// How many lines are broken.
    private(set) var brokenCount = 0

    /// Reads a whole file.
    init(_ text: [UInt8]) {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() { read(line, number: index + 1) }
    }

    private mutating func read(_ line: ArraySlice<UInt8>, number: Int) {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0d]
        let start = line.drop { blanks.contains($0) }
        let count = start.reversed().drop { blanks.contains($0) }.count
        let key = start.prefix(count)
        guard let first = key.first, first != UInt8(ascii: "#") else { return }
        guard key.count <= 64, key.allSatisfy(Self.mayStandInURL) else {
            brokenCount += 1
            if brokenLines.count < 100 { brokenLines.append(number) }
            return
        }
        keys.insert(String(decoding: key, as: UTF8.self))
    }

    private static func mayStandInURL(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~")].contains(byte)
        }
    }
}
