import Foundation

/// This server's name among those that share a database: 32 hexadecimal digits in the data directory's file `node-id`,
/// made at random where it is missing or broken.
enum NodeID {
    static func load(in directory: URL) throws -> String {
        let file = directory.appending(path: "node-id")
        if let text = try? String(contentsOf: file, encoding: .utf8) {
            let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
            if isName(name) { return name }
        }
        let name = UUID().uuidString.lowercased().filter { $0 != "-" }
        try Data((name + "\n").utf8).write(to: file, options: .atomic)
        return name
    }

    private static func isName(_ text: String) -> Bool {
        text.utf8.count == 32
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
