import Foundation

/// Finds the directory that holds Templates, Public and migrations.
enum ResourceDirectory {
    /// The named directory, or the first of: beside the program, `share/reelswarm` next to its `bin`, the folders above
    /// the program (a build folder inside a checkout), the current directory.
    static func find(named name: String?) throws -> URL {
        if let name {
            let folder = URL(filePath: name, directoryHint: .isDirectory)
            guard isComplete(folder) else {
                throw CommandFailure.usage("\(name) does not hold Templates, Public and migrations.")
            }
            return folder
        }
        guard let found = candidates.first(where: isComplete) else {
            throw CommandFailure(
                message: "Templates, Public and migrations were not found; say where with --resources.")
        }
        return found
    }

    private static var candidates: [URL] {
        let program = ProgramFiles.directory
        var folder = program
        var candidates = [program.appending(path: "../share/reelswarm").standardizedFileURL]
        for _ in 0..<5 {
            candidates.append(folder)
            folder = folder.deletingLastPathComponent()
        }
        return candidates + [URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)]
    }

    private static func isComplete(_ folder: URL) -> Bool {
        ["Templates", "Public", "migrations"].allSatisfy {
            FileManager.default.fileExists(atPath: folder.appending(path: $0).path())
        }
    }
}

/// Where the running program and its companion lie.
enum ProgramFiles {
    /// The directory of the running executable.
    static var directory: URL {
        let path =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(filePath: path).deletingLastPathComponent()
    }

    /// The media worker, found beside the program.
    static var mediaWorker: String { directory.appending(path: "reelswarm-media-worker").path() }
}
