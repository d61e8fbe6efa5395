import Catalog

/// What an uploader says about a film: fields as they were sent, and what they come to.
struct UploadWords: Sendable {
    /// The fields an upload may have besides the file.
    static let names: Set<String> = ["title", "description", "tags"]

    /// The fields by name.
    var fields: [String: String] = [:]

    /// Checks what has come so far, so that a wrong title is told before a film is taken in.
    ///
    /// - Throws: `CatalogError`.
    func check() throws {
        _ = try newVideo(fileName: "film", owner: UserID(rawValue: 1))
    }

    /// The video to be. An empty title is the file's name without its extension.
    ///
    /// - Throws: `CatalogError`.
    func newVideo(fileName: String, owner: UserID) throws(CatalogError) -> NewVideo {
        let title = fields["title"] ?? ""
        return NewVideo(
            title: isBlank(title) ? Title(fileName: fileName) : try Title(title),
            description: try Description(fields["description"] ?? ""),
            tags: try Tag.parse(commaSeparated: fields["tags"] ?? ""), ownerID: owner)
    }

    private func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
