public import WebServer

/// Puts every route of the site, its API and its probes on a router, and makes errors look like the site.
///
/// The routes of the tracker (`/announce`, `/scrape`) are the application's to add.
public func mountSite(on router: inout Router, context: SiteContext) {
    var routes = Routes(router: router, site: context)
    routes.addPages()
    routes.addImports()
    routes.addVideos()
    routes.addClips()
    routes.addMedia()
    routes.addSwarm()
    routes.addFeeds()
    routes.addAdmin()
    routes.addAPI()
    routes.addProbes()
    router = routes.finish()
}
