import ByteCoding

/// Thrown by a visit whose server sends us elsewhere.
struct FetchRedirect: Error {
    /// The field `Location`.
    let location: String?
    /// Who redirects.
    let remote: IPAddress

    /// Whether a status redirects.
    static func isMeant(by status: Int) -> Bool { [301, 302, 303, 307, 308].contains(status) }
}

extension Fetched {
    /// The answer, unless it is a redirect, which is thrown.
    func orRedirect() throws(FetchRedirect) -> Fetched {
        guard FetchRedirect.isMeant(by: status) else { return self }
        throw FetchRedirect(location: headers["location"], remote: remote)
    }
}
