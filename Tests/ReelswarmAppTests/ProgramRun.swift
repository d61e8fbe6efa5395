import Foundation

@testable import ReelswarmApp

/// Runs programs to their end.
enum ProgramRun {
    /// `reelswarm` with arguments: its status, and what it wrote to either output.
    static func reelswarm(_ arguments: [String]) throws -> (status: Int32, output: String) {
        try run(ProgramFiles.directory.appending(path: "reelswarm").path(), arguments)
    }

    /// A program by its name in the path.
    static func named(_ name: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        try run("/usr/bin/env", [name] + arguments)
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
