/// Why a space could not do what it was asked.
public struct SpaceError: Error, Hashable, Sendable, Codable {
    /// What went wrong, for programs.
    public enum Code: String, Sendable, Codable {
        /// The directory cannot be used, or another process holds it and does not answer.
        case unavailable
        /// A source is no torrent, magnet or URL of one, or cannot be read or fetched.
        case badSource
        /// The space knows nothing by that id.
        case unknown
        /// Another file lies where this one would have to be written.
        case occupied
        /// Another process still uses it.
        case inUse
        /// What is on the disk is not what the torrent describes.
        case mismatch
        /// No torrent could be made.
        case notMade
        /// What was asked for cannot be cut out of the film.
        case notCuttable
        /// There is no film or sound in it that can be read as one.
        case notAFilm
        /// The task that waited for it was cancelled.
        case cancelled
        /// The download or the seeding failed.
        case failed
        /// The space has been closed.
        case closed
    }

    /// What went wrong, for programs.
    public let code: Code
    /// What went wrong, as a sentence.
    public let message: String

    /// An error by its parts.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    static let closed = SpaceError(.closed, "The space has been closed.")
    static let cancelled = SpaceError(.cancelled, "It was cancelled.")
    static let noFilm = SpaceError(.notAFilm, "This torrent has no film that can be clipped.")
    static func unknown(_ id: MediaID) -> SpaceError { SpaceError(.unknown, "\(id) is not in this space.") }
}

extension SpaceError: CustomStringConvertible {
    /// The sentence.
    public var description: String { message }
}
