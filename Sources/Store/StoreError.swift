/// Why the store could not do what was asked. `code` is for the program, `message` is a sentence for people.
public struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// The database does not answer: answer 503 and let the client try again.
        case unavailable
        /// All connections are in use, or a row stayed locked: answer 503 and let the client try again soon.
        case busy
        /// The write may or may not have happened; repeat it only with the same idempotency key.
        case unknownOutcome
        /// The row is not there, or is not the asker's.
        case notFound
        /// The name is taken, or the row is in another state than the act needs.
        case conflict
        /// The database's disk is full.
        case storageFull
        /// The database takes no writes just now.
        case readOnly
        /// A value that PostgreSQL cannot store, such as text with a NUL.
        case invalidValue
        /// Anything else: a fault of ours.
        case broken
    }

    /// The kind of failure.
    public let code: Code
    /// One sentence in plain words.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The sentence.
    public var description: String { message }
}
