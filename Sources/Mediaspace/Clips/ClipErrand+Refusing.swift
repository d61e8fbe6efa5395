import ClipIndex
import Foundation
import Media

/// What can be refused before anything is fetched.
extension ClipErrand {
    /// Refuses what is too long to be encoded anew. How long a clip to the film's end is, only its plan tells.
    func refuseLength(_ interval: ClipInterval) throws(SpaceError) {
        guard clip.mode == .exact, interval.endSeconds < ClipRequest.filmEnd,
            interval.end - interval.start > CutMode.longestExact
        else { return }
        throw SpaceError(CutError.tooLong, output: output)
    }

    /// Refuses what lies there, a folder that does not exist, and a name that no clip can have.
    func refuseOutput(_ path: String) throws(SpaceError) {
        if let facts = FileFacts(path) {
            guard facts.isFolder, path == output else { throw SpaceError(.occupied, "\(path) exists already.") }
            return
        }
        guard FileManager.default.fileExists(atPath: path.parentFolder) else {
            throw SpaceError(.unavailable, "There is no folder \(path.parentFolder).")
        }
        try refuseEnding(of: path.lastComponent)
    }

    private func refuseEnding(of name: String) throws(SpaceError) {
        do throws(CutError) {
            try CutFormat.check(fileName: name, clip.mode)
        } catch {
            throw SpaceError(error, output: name)
        }
    }
}
