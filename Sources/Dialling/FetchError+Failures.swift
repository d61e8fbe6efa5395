import AsyncHTTPClient
import Glibc
import NIOCore

extension FetchError {
    /// What a failure of the HTTP client means, with the system's words for it.
    init(failure: any Error) {
        switch failure {
        case is CancellationError: self = .timedOut
        case let error as HTTPClientError where error == .alreadyShutdown: self = .stopped
        case let error as HTTPClientError where Self.timeouts.contains(error): self = .timedOut
        case let error as HTTPClientError: self = .unreachable(error.shortDescription)
        case let error as IOError: self = .unreachable(unsafe String(cString: strerror(error.errnoCode)))
        default: self = .unreachable(Self.words("\(failure)"))
        }
    }

    private static let timeouts: [HTTPClientError] = [
        .connectTimeout, .deadlineExceeded, .readTimeout, .writeTimeout, .tlsHandshakeTimeout,
        .getConnectionFromPoolTimeout, .cancelled,
    ]

    /// The sense of descriptions that list the insides of a library.
    private static func words(_ description: String) -> String {
        if description.contains("CERTIFICATE_VERIFY_FAILED") { return "its TLS certificate cannot be verified" }
        if description.contains("handshakeFailed") { return "the TLS handshake failed" }
        return String(description.prefix(120))
    }
}
