import Foundation
import Synchronization

/// A file of one test, removed when the test lets it go.
final class TemporaryFile: Sendable {
    let path = FileManager.default.temporaryDirectory.appending(path: "reelswarm-\(UUID().uuidString)").path()

    init(_ text: String) throws { try write(text) }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        try? FileManager.default.removeItem(atPath: path + ".new")
    }

    func write(_ text: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
}

/// The passkeys that were last taken over.
final class Taken: Sendable {
    private let box = Mutex<Set<String>?>(nil)

    var keys: Set<String>? {
        get { box.withLock { $0 } }
        set { box.withLock { $0 = newValue } }
    }
}
