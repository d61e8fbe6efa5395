import Foundation
import Testing

@testable import Publishing

@Suite struct SpoolFileTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "spool-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    func removeFolder() { try? FileManager.default.removeItem(at: folder) }

    @Test func readsWhatWasWrittenAndVanishesWithItsOwner() throws {
        defer { removeFolder() }
        let path = folder.appending(path: "a").path()
        do {
            let spool = try SpoolFile(path: path)
            try spool.write([1, 2, 3], at: 0)
            try spool.write([4, 5], at: 3)
            #expect(try spool.read(at: 1, count: 4) == [2, 3, 4, 5])
            #expect(throws: FileError(code: EIO)) { try spool.read(at: 4, count: 2) }
            #expect(FileManager.default.fileExists(atPath: path))
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func refusesAFileThatIsThere() throws {
        defer { removeFolder() }
        let path = folder.appending(path: "a").path()
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        #expect(throws: FileError(code: EEXIST)) { try SpoolFile(path: path) }
    }

    @Test func leftoversAreRemovedAndAdoptedFilesStay() throws {
        defer { removeFolder() }
        let folders = CacheFolders(root: folder.path())
        try folders.prepare()
        let etag = String(repeating: "ab", count: 20)
        let spool = try SpoolFile(path: folders.freshSpoolPath())
        try spool.write([7, 8, 9], at: 0)
        try folders.adopt(spool, as: etag)
        let leftover = try folders.freshSpoolPath()
        #expect(FileManager.default.createFile(atPath: leftover, contents: Data([1])))
        try folders.removeLeftovers()
        #expect(!FileManager.default.fileExists(atPath: leftover))
        #expect(folders.open(etag)?.size == 3)
        #expect(folders.list().map(\.etag) == [etag])
        folders.remove(etag)
        #expect(folders.open(etag) == nil)
    }

    @Test(arguments: ["", "..", "../../etc/passwd", "ABCDEF0123", "abcdef/012", String(repeating: "a", count: 65)])
    func opensNothingButHashes(name: String) throws {
        defer { removeFolder() }
        let folders = CacheFolders(root: folder.path())
        try folders.prepare()
        #expect(folders.open(name) == nil)
    }
}
