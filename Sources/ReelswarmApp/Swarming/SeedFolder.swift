import Foundation

/// The folder of the space that a `seed` runs in.
struct SeedFolder: Sendable {
    let path: String
    private let isTemporary: Bool

    /// A folder that is there and can be written, else a temporary one.
    init(preferring path: String) throws {
        guard !Self.isFolder(path) || !FileManager.default.isWritableFile(atPath: path) else {
            self.path = path
            isTemporary = false
            return
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "reelswarm-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(message: "Neither \(path) nor \(folder.path()) can be written.")
        }
        self.path = folder.path(percentEncoded: false)
        isTemporary = true
    }

    func removeIfTemporary() {
        if isTemporary { try? FileManager.default.removeItem(atPath: path) }
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
