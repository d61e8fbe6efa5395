import Glibc
import Subprocess

/// How one of PostgreSQL's programs is started: by `setpriv`, which becomes another user where we are root, and has the
/// system end the program (fast shutdown) when ours dies. Subprocess's own change of user is not used: it clones
/// without telling the C library, whose `setuid` then waits for threads that the child does not have.
struct ClusterCommand: Sendable {
    let executable: Executable
    let arguments: Arguments
    let options: PlatformOptions
}

extension ClusterUser {
    /// The command for a program of PostgreSQL's folder and its arguments.
    func command(_ words: [String]) -> ClusterCommand {
        var options = PlatformOptions()
        // A Ctrl-C in our terminal is for us alone; we end the server when the requests are done.
        options.createSession = true
        var prefix = ["--pdeathsig", "INT"]
        if isOther { prefix += ["--reuid", "\(userID)", "--regid", "\(groupID)", "--clear-groups"] }
        if !isOther && access("/usr/bin/setpriv", X_OK) != 0 {
            return ClusterCommand(
                executable: .name(words.first ?? ""), arguments: Arguments(Array(words.dropFirst())), options: options)
        }
        return ClusterCommand(
            executable: .name("setpriv"), arguments: Arguments(prefix + ["--"] + words), options: options)
    }
}
