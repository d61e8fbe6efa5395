import Glibc

/// The user PostgreSQL runs as: ourselves, or, since PostgreSQL refuses to run as root, `postgres` or `nobody`.
struct ClusterUser: Equatable, Sendable {
    let userID: uid_t
    let groupID: gid_t
    let name: String
    /// Whether this is another user than the one we run as.
    let isOther: Bool

    static func current() throws(ClusterError) -> ClusterUser {
        guard geteuid() == 0 else {
            return ClusterUser(userID: geteuid(), groupID: getegid(), name: "ourselves", isOther: false)
        }
        for name in ["postgres", "nobody"] {
            if let entry = getpwnam(name) {
                return ClusterUser(
                    userID: entry.pointee.pw_uid, groupID: entry.pointee.pw_gid, name: name, isOther: true)
            }
        }
        throw ClusterError("PostgreSQL may not run as root, and there is neither a user postgres nor nobody.")
    }

    /// Whether this user can pass through a folder and all above it. Only permission bits are looked at.
    func canReach(_ directory: String) -> Bool {
        var path = ""
        for component in directory.split(separator: "/") {
            path += "/" + component
            var status = stat()
            guard stat(path, &status) == 0 else { return false }
            let needed: mode_t =
                status.st_uid == userID ? S_IXUSR : status.st_gid == groupID ? S_IXGRP : S_IXOTH
            guard status.st_mode & needed != 0 else { return false }
        }
        return true
    }

    /// Makes a folder that is this user's alone; one that is there already must be its own or becomes so.
    func makePrivateDirectory(_ path: String) throws(ClusterError) {
        if mkdir(path, 0o700) != 0 && errno != EEXIST {
            throw ClusterError("The folder \(path) cannot be made: \(systemError()).")
        }
        try own(path)
        guard chmod(path, 0o700) == 0 else {
            throw ClusterError("The folder \(path) cannot be made private: \(systemError()).")
        }
    }

    /// Gives a file or folder to this user.
    func own(_ path: String) throws(ClusterError) {
        guard !isOther || lchown(path, userID, groupID) == 0 else {
            throw ClusterError("\(path) cannot be given to the user \(name): \(systemError()).")
        }
    }
}

/// What the system said last, in words.
func systemError() -> String { String(cString: strerror(errno)) }
