/// Why something was not fetched.
public enum FetchError: Error, Hashable, Sendable {
    /// The URL is no strict http or https URL.
    case badURL
    /// The rules forbid the address; nothing was sent to it.
    case forbidden(DialRefusal)
    /// The name has no address. The message is the resolver's.
    case unresolved(String)
    /// No connection, or one that broke. The message is the system's.
    case unreachable(String)
    /// It took longer than allowed, or the task was cancelled.
    case timedOut
    /// The body is larger than allowed.
    case tooLarge
    /// More than three redirects, one without a readable target, or one from https to http.
    case badRedirect
    /// The server compressed the body, which was not asked for.
    case encoded
    /// The fetcher has been shut down.
    case stopped
}

extension FetchError: CustomStringConvertible {
    /// A sentence.
    public var description: String {
        switch self {
        case .badURL: "The URL cannot be read."
        case .forbidden: "The address lies in a network that may not be reached from here."
        case .unresolved(let message): "The name was not found: \(message)."
        case .unreachable(let message): "The server was not reached: \(message)."
        case .timedOut: "The server took too long."
        case .tooLarge: "The answer is too large."
        case .badRedirect: "The server redirects to where it may not."
        case .encoded: "The answer is compressed."
        case .stopped: "The program is stopping."
        }
    }
}
