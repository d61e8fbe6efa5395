import WebServer

extension StaticAssets {
    /// The addresses of style, scripts and icons, under the names that templates use.
    var templateValues: TemplateValue {
        [
            "css": .text(path(for: "site.css")), "admin_css": .text(path(for: "admin.css")),
            "site_js": .text(path(for: "site.js")),
            "upload_js": .text(path(for: "upload.js")), "imports_js": .text(path(for: "imports.js")),
            "icons": .text(path(for: "icons.svg")),
            "favicon": .text(path(for: "favicon.svg")),
        ]
    }
}
