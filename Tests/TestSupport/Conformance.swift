import Foundation

/// Cases written by others, used where they lie beside the checkout (`../shared/conformance`); the project
/// neither contains nor needs them.
public enum Conformance {
    /// The folder of one data set, or nil after saying once that its cases are skipped.
    public static func folder(_ name: String) -> URL? {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/conformance")
        let folder = root.appending(path: name).standardizedFileURL
        if FileManager.default.fileExists(atPath: folder.path()) { return folder }
        print("skipped: no conformance data (\(name))")
        return nil
    }

    /// The rows of a tab-separated file with its header line as keys; empty when the data set is not there.
    public static func rows(_ name: String, file: String = "expected.tsv") throws -> [[String: String]] {
        guard let folder = folder(name) else { return [] }
        let text = String(decoding: try Data(contentsOf: folder.appending(path: file)), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        guard let header = lines.first else { return [] }
        let keys = header.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        return lines.dropFirst().map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(zip(keys, cells), uniquingKeysWith: { first, _ in first })
        }
    }
}
