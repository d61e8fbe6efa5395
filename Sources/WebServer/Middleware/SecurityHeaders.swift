import HTTPTypes

/// Puts the headers on every page that keep a browser from being used against the site; what a handler set itself
/// stays.
public struct SecurityHeaders: Middleware {
    /// The policy of pages that run only what this site serves.
    public static let defaultPolicy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        + "frame-ancestors 'none'; form-action 'self'"

    private let fields: HTTPFields

    /// Headers with that Content-Security-Policy.
    public init(contentSecurityPolicy: String = SecurityHeaders.defaultPolicy) {
        var fields: HTTPFields = [
            .contentSecurityPolicy: contentSecurityPolicy, .xContentTypeOptions: "nosniff",
        ]
        let others = [
            ("Referrer-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ]
        for (name, value) in others {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        self.fields = fields
    }

    /// Adds the headers; over TLS also Strict-Transport-Security.
    public func handle(
        _ request: Request, next: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request)
        for field in fields where !response.headers.contains(field.name) { response.headers.append(field) }
        if request.isSecure, !response.headers.contains(.strictTransportSecurity) {
            response.headers[.strictTransportSecurity] = "max-age=31536000"
        }
        return response
    }
}
