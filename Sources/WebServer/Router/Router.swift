public import HTTPTypes

/// Which handler answers which method and path.
///
/// Patterns are literal segments and captures: `/videos/{slug}`, `/videos/{slug}.torrent`,
/// `/videos/{slug}/clip.{format}`, `/assets/{path...}`; the last form takes the rest of the path. Of several patterns
/// that match, the most literal wins, segment by segment from the left. HEAD is answered by GET; a path that is there
/// but not for the method is 405 with `Allow`.
public struct Router: Sendable {
    /// An async handler.
    public typealias Handler = @Sendable (Request) async throws -> Response
    /// A synchronous handler that runs on the event loop: it must answer from memory, at once.
    public typealias DirectHandler = @Sendable (Request) -> Response

    /// Turns a failure into an answer; plain text by default.
    public var errorRenderer: @Sendable (HTTPError, Request) -> Response = { error, _ in Router.plainText(error) }

    private(set) var root = RouteNode()
    private(set) var middleware: [any Middleware] = []
    /// The route patterns, in the order in which they were added.
    public private(set) var patterns: [String] = []

    /// No routes yet.
    public init() {}

    /// Adds an async route. A later route of the same method and pattern replaces an earlier one.
    public mutating func on(_ method: HTTPRequest.Method, _ pattern: String, _ handler: @escaping Handler) {
        add(method, pattern, .async(handler))
    }

    /// Adds a route that is answered on the event loop, outside the middleware.
    public mutating func direct(
        _ method: HTTPRequest.Method, _ pattern: String, _ handler: @escaping DirectHandler
    ) {
        add(method, pattern, .direct(handler))
    }

    /// Wraps every async route, and every error made outside a route, in `middleware`; the first added is outermost.
    public mutating func use(_ middleware: any Middleware) {
        self.middleware.append(middleware)
    }

    private mutating func add(_ method: HTTPRequest.Method, _ pattern: String, _ action: Route.Action) {
        root.insert(Route(pattern: pattern, action: action), method: method, at: RoutePattern(pattern).segments[...])
        if !patterns.contains(pattern) { patterns.append(pattern) }
    }

    /// A failure as plain text.
    public static func plainText(_ error: HTTPError) -> Response {
        var response = Response.text(error.message + "\n", status: error.status)
        response.headers.append(contentsOf: error.headers)
        return response
    }
}
