import Catalog

/// The addresses of a saved clip on this site, as paths.
struct ClipPaths: Sendable {
    let slug: Slug

    init(_ slug: Slug) { self.slug = slug }

    var page: String { "/clips/\(slug)" }
    var embed: String { page + "/embed" }
    var edit: String { page + "/edit" }
    var delete: String { page + "/delete" }
    var materialise: String { page + "/materialise" }
}
