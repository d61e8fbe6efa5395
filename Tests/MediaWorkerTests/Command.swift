import Foundation
import Glibc

/// Runs the tools that tests lean on.
enum Command {
    struct Failure: Error {
        /// The system's error number.
        let number: Int32
    }

    /// Whether `name` is installed.
    static func exists(_ name: String) -> Bool {
        ["/usr/bin/", "/bin/", "/usr/local/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + name) }
    }

    /// Whether system calls can be watched here.
    static let canTrace = exists("strace") && (try? run("strace", ["true"]).status) == 0

    /// Runs a tool to its end; its output and complaints come back as one text.
    ///
    /// `Process` notices an end some 40 ms late, and these tests run thousands of tools.
    static func run(_ name: String, _ arguments: [String], input: String? = nil) throws -> (
        status: Int32, output: String
    ) {
        let source = open(input ?? "/dev/null", O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw Failure(number: errno) }
        defer { close(source) }
        var ends: [Int32] = [-1, -1]
        // A pipe could not be kept from other tools that begin at the same moment.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Failure(number: errno) }
        let reading = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        let child: pid_t
        do {
            defer { close(ends[1]) }
            child = try spawn([name] + arguments, source, ends[1])
        }
        let output = try reading.readToEnd() ?? Data()
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let code = status & 0x7f == 0 ? status >> 8 & 0xff : status & 0x7f
        return (code, String(decoding: output, as: UTF8.self))
    }

    private static func spawn(_ words: [String], _ input: Int32, _ output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (from, to) in [(input, 0), (output, 1), (output, 2)] as [(Int32, Int32)] {
            posix_spawn_file_actions_adddup2(&actions, from, to)
        }
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let status = posix_spawnp(&child, words[0], &actions, nil, &arguments, environ)
        guard status == 0 else { throw Failure(number: status) }
        return child
    }
}
