/// Something around every async handler: sessions, headers, limits.
public protocol Middleware: Sendable {
    /// Answers the request, usually by what `next` answers.
    func handle(
        _ request: Request, next: @Sendable (Request) async throws -> Response
    ) async throws -> Response
}
