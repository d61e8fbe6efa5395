import HTTPTypes
import WebServer

/// What every answer says to browsers: nothing from elsewhere, no frames, no guessing of types.
struct SecurityHeaders: Middleware {
    /// Everything from this site only; `form-action` and `frame-ancestors` do not follow `default-src`.
    static let policy =
        "default-src 'self'; img-src 'self'; media-src 'self'; object-src 'none'; base-uri 'none'; "
        + "frame-ancestors 'none'; form-action 'self'"

    /// The same for pages that may be framed by others: they have no form.
    static let framedPolicy =
        "default-src 'self'; img-src 'self'; media-src 'self'; object-src 'none'; base-uri 'none'; "
        + "frame-ancestors *; form-action 'none'"

    func handle(
        _ request: Request, next: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        Self.added(to: try await next(request))
    }

    /// The answer with the headers it does not have yet.
    static func added(to response: Response) -> Response {
        var response = response
        let defaults: [(HTTPField.Name, String)] = [
            (.contentSecurityPolicy, policy), (.xContentTypeOptions, "nosniff"), (.referrerPolicy, "same-origin"),
            (.crossOriginOpenerPolicy, "same-origin"), (.cacheControl, "private, no-cache"),
        ]
        for (name, value) in defaults where response.headers[name] == nil { response.headers[name] = value }
        return response
    }
}

extension HTTPField.Name {
    /// Which pages may know whence a visitor came.
    static var referrerPolicy: HTTPField.Name { HTTPField.Name("Referrer-Policy") ?? .referer }
    /// Whether windows of other sites share a process with ours.
    static var crossOriginOpenerPolicy: HTTPField.Name { HTTPField.Name("Cross-Origin-Opener-Policy") ?? .referer }
}
