import ArgumentParser
import Foundation

/// The program: parses the command line, runs one command, and turns its end into an exit status.
///
/// 0 done, 1 failed with one line on standard error, 2 wrong usage.
public enum ReelswarmProgram {
    /// Runs the command named by the process's arguments and exits.
    public static func main() async {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGHUP, SIG_IGN)
        do {
            var command = try ReelswarmCommand.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exit(Self.report(error))
        }
    }

    /// Prints what is to be said of an error and returns the exit status that goes with it.
    private static func report(_ error: any Error) -> Int32 {
        if let failure = error as? CommandFailure {
            complain(failure.message)
            return failure.status
        }
        let code = ReelswarmCommand.exitCode(for: error)
        let message = ReelswarmCommand.fullMessage(for: error)
        if code.isSuccess {
            if !message.isEmpty { print(message) }
            return 0
        }
        if code == .validationFailure {
            complain(message.replacing("Error: ", with: ""))
            return 2
        }
        complain(String(describing: error))
        return 1
    }

    private static func complain(_ message: String) {
        FileHandle.standardError.write(Data("reelswarm: \(message)\n".utf8))
    }
}

/// A command's end that is not success: one line for the user and the exit status (1 failed, 2 wrong usage).
struct CommandFailure: Error {
    let message: String
    var status: Int32 = 1

    /// Wrong usage: the arguments cannot mean anything.
    static func usage(_ message: String) -> CommandFailure { CommandFailure(message: message, status: 2) }
}
