public import ByteCoding

/// The beginning of an answer whose body is read as it comes.
public struct FetchedHead: Sendable {
    /// The status code, 100...599, no redirect.
    public let status: Int
    /// The header fields with names in lower case; of equal names the first.
    public let headers: [String: String]
    /// The address that answers.
    public let remote: IPAddress
    /// What answers, behind all redirects: fetching that next time spares them.
    public let target: FetchTarget
}
