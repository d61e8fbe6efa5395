import HTTPTypes
import Logging

/// What the router found for a request.
enum Dispatch {
    case direct(Router.DirectHandler, Request)
    case async(Router.Handler, Request)
    case failure(HTTPError, Request)
}

extension Router {
    /// Finds what answers. `OPTIONS *` is about the server and answered at once.
    func dispatch(_ request: Request) -> Dispatch {
        var request = request
        var search = RouteSearch(method: request.method)
        if let route = root.find(&search, at: request.segments[...]) {
            request.parameters = search.parameters
            request.routePattern = route.pattern
            switch route.action {
            case .direct(let handler): return .direct(handler, request)
            case .async(let handler): return .async(handler, request)
            }
        }
        if request.method == .options, request.rawPath == "*" || !search.allowed.isEmpty {
            let allow = search.allowed.isEmpty ? "GET, HEAD, OPTIONS, POST" : search.allow
            return .direct({ _ in Response(status: .noContent, headers: [.allow: allow]) }, request)
        }
        if search.allowed.isEmpty {
            // TRACE is never served, whatever the path.
            let error = request.method == .trace ? HTTPError.methodNotAllowed("GET, HEAD") : .notFound
            return .failure(error, request)
        }
        return .failure(.methodNotAllowed(search.allow), request)
    }

    /// Answers a request as the server would, without one: routes, middleware and error rendering.
    public func respond(to request: Request) async -> Response {
        switch dispatch(request) {
        case .direct(let handler, let request): return handler(request)
        case .async(let handler, let request): return await run(handler, request)
        case .failure(let error, let request): return await run({ _ in throw error }, request)
        }
    }

    /// Runs a handler inside the middleware; a failure becomes its rendered answer.
    func run(_ handler: @escaping Handler, _ request: Request) async -> Response {
        do {
            return try await answer(handler, request)
        } catch {
            return errorRenderer(Self.publicError(error, request), request)
        }
    }

    /// Runs a handler inside the middleware. Errors of the handler are rendered inside it too, so that middleware puts
    /// its headers on them as well; only `ClientGone` passes through.
    func answer(_ handler: @escaping Handler, _ request: Request) async throws -> Response {
        let renderer = errorRenderer
        var next: Handler = { request in
            do {
                return try await handler(request)
            } catch let gone as ClientGone {
                throw gone
            } catch {
                return renderer(Self.publicError(error, request), request)
            }
        }
        for layer in middleware.reversed() {
            let inner = next
            next = { try await layer.handle($0, next: inner) }
        }
        return try await next(request)
    }

    /// What the client may hear of an error; anything but an `HTTPError` is logged and becomes a bare 500.
    static func publicError(_ error: any Error, _ request: Request) -> HTTPError {
        if let error = error as? HTTPError { return error }
        request.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.path)"])
        return .internalError
    }
}
