import WebServer

extension StaticAssets {
    /// The addresses of style, scripts and icons, under the names that templates use.
    var templateValues: TemplateValue {
        [
            "css": .text(path(for: "site.css")), "admin_css": .text(path(for: "admin.css")),
            "site_js": .text(path(for: "site.js")),
            "upload_js": .text(path(for: "upload.js")), "imports_js": .text(path(for: "imports.js")),
            "clip_css": .text(path(for: "clip.css")), "clip_js": .text(path(for: "clip.js")),
            "clip_times_js": .text(path(for: "clip_times.js")), "clip_line_js": .text(path(for: "clip_line.js")),
            "clip_player_js": .text(path(for: "clip_player.js")), "clip_offer_js": .text(path(for: "clip_offer.js")),
            "interval_js": .text(path(for: "interval.js")), "clip_making_js": .text(path(for: "clip_making.js")),
            "icons": .text(path(for: "icons.svg")),
            "favicon": .text(path(for: "favicon.svg")),
        ]
    }
}
