import WebServer

/// What a route does. One act is one file.
protocol Act: Sendable {
    /// Answers; throws `HTTPError` or any error that `Refusal` knows.
    func callAsFunction(_ visit: Visit) async throws -> Response
}

/// What a route does that takes a file in a form. The `csrf` part has been read and was right.
protocol UploadAct: Sendable {
    /// Answers; throws like `Act`.
    func callAsFunction(_ visit: Visit, _ parts: UploadParts) async throws -> Response
}
