public import ByteCoding

/// What a server answered.
public struct Fetched: Sendable {
    /// The status code, 100...599; a redirect that could be followed is not among them.
    public let status: Int
    /// The header fields with names in lower case; of equal names the first.
    public let headers: [String: String]
    /// The body, at most as long as was allowed.
    public let body: [UInt8]
    /// The address that answered.
    public let remote: IPAddress
}
