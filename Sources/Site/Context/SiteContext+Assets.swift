import WebServer

extension SiteContext {
    /// The addresses of style, scripts and icons, under the names that templates use.
    var assetPaths: TemplateValue {
        [
            "css": .text(assets.path(for: "site.css")), "site_js": .text(assets.path(for: "site.js")),
            "upload_js": .text(assets.path(for: "upload.js")), "icons": .text(assets.path(for: "icons.svg")),
            "favicon": .text(assets.path(for: "favicon.svg")),
        ]
    }
}
