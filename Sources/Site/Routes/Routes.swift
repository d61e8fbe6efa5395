import Accounts
import HTTPTypes
import HTTPWire
import WebServer

/// Puts acts on a router. Whoever adds a route says who may use it; sessions, form tokens and errors are handled here.
struct Routes {
    /// One line of the table, for tests and for reading.
    struct Line: Sendable, Equatable {
        let method: HTTPRequest.Method
        let pattern: String
        let access: Access
        let kind: Kind
    }

    /// How requests prove who they are.
    enum Kind: String, Sendable {
        /// Session cookie, read only.
        case page
        /// Session cookie and form token.
        case form
        /// Session cookie and form token, with a file.
        case upload
        /// Bearer token.
        case api
    }

    /// All routes added so far.
    private(set) var table: [Line] = []
    let site: SiteContext
    private var router: Router

    init(router: Router, site: SiteContext) {
        self.router = router
        self.site = site
    }

    /// A page, or anything else that is only read.
    mutating func get(_ pattern: String, access: Access, _ act: some Act) {
        let gate = PageGate(site: site, access: access)
        add(.get, pattern, access, .page) { try await gate.show($0, act) }
    }

    /// Data that is only read, for programs: errors are problem documents too.
    mutating func data(_ pattern: String, access: Access, _ act: some Act) {
        let gate = PageGate(site: site, access: access, isData: true)
        add(.get, pattern, access, .page) { try await gate.show($0, act) }
    }

    /// Something a form does. The form token is checked before.
    mutating func form(_ pattern: String, access: Access, _ act: some Act) {
        let gate = PageGate(site: site, access: access)
        add(.post, pattern, access, .form) { try await gate.submit($0, act) }
    }

    /// A form with a file. The form token must be its first part.
    mutating func upload(_ pattern: String, access: Access, _ act: some UploadAct) {
        let gate = PageGate(site: site, access: access)
        add(.post, pattern, access, .upload) { try await gate.upload($0, act) }
    }

    /// A route of the API.
    mutating func api(_ method: HTTPRequest.Method, _ pattern: String, access: Access, _ act: some Act) {
        let gate = APIGate(site: site, access: access)
        add(method, "/api/v1" + pattern, access, .api) { try await gate.run($0, act) }
    }

    /// A route of the API that takes a file.
    mutating func apiUpload(_ pattern: String, access: Access, _ act: some UploadAct) {
        let gate = APIGate(site: site, access: access)
        add(.post, "/api/v1" + pattern, access, .api) { try await gate.upload($0, act) }
    }

    /// An answer from memory, made on the event loop.
    mutating func direct(_ pattern: String, _ answer: @escaping @Sendable (Request) -> Response) {
        table.append(Line(method: .get, pattern: pattern, access: .everyone, kind: .page))
        router.direct(.get, pattern) { SecurityHeaders.added(to: answer($0)) }
    }

    /// The router with all routes, the security headers and the error pages.
    func finish() -> Router {
        var router = router
        let pages = ErrorPages(site: site)
        router.use(SecurityHeaders())
        router.errorRenderer = { error, request in
            SecurityHeaders.added(to: pages.answer(error, request, viewer: .unknown))
        }
        mountAssets(on: &router)
        return router
    }

    /// Style, scripts and icons, through the middleware, so that they carry the security headers too.
    private func mountAssets(on router: inout Router) {
        var inner = Router()
        site.assets.mount(on: &inner)
        for pattern in inner.patterns { router.on(.get, pattern) { [inner] in await inner.respond(to: $0) } }
    }

    private mutating func add(
        _ method: HTTPRequest.Method, _ pattern: String, _ access: Access, _ kind: Kind,
        _ handler: @escaping Router.Handler
    ) {
        table.append(Line(method: method, pattern: pattern, access: access, kind: kind))
        router.on(method, pattern, handler)
    }
}
