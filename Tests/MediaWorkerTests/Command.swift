import Foundation

/// Runs the tools that tests lean on.
enum Command {
    /// Whether `name` is installed.
    static func exists(_ name: String) -> Bool {
        ["/usr/bin/", "/bin/", "/usr/local/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + name) }
    }

    /// Whether system calls can be watched here.
    static let canTrace = exists("strace") && (try? run("strace", ["true"]).status) == 0

    /// Runs a tool to its end; its output and complaints come back as one text.
    static func run(_ name: String, _ arguments: [String], input: String? = nil) throws -> (
        status: Int32, output: String
    ) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [name] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        if let input {
            process.standardInput = try FileHandle(forReadingFrom: URL(filePath: input))
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
