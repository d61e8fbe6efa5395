import Catalog
import HTTPTypes
import WebServer

/// `GET /upload`: the form.
struct ShowUpload: Act {
    let site: SiteContext

    func callAsFunction(_ visit: Visit) async throws -> Response {
        let settings = try await site.settings.current()
        return PageFrame(site: site, settings: settings).page(
            .upload, title: "Upload", at: .upload, for: visit,
            [
                "limit": .number(settings.uploadLimit), "limit_words": .text(ByteWords.binary(settings.uploadLimit)),
                "form": ["title": "", "description": "", "tags": ""], "problem": .nothing,
            ])
    }
}
