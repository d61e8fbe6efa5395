import HTTPTypes

extension HTTPResponse.Status {
    /// This status with its reason phrase of RFC 9110, where it was made from the bare number.
    ///
    /// Parsers and engines know statuses as numbers; status lines and problem documents (their `title`) want words.
    var worded: HTTPResponse.Status {
        guard reasonPhrase.isEmpty else { return self }
        return switch code {
        case 400: .badRequest
        case 404: .notFound
        case 408: .requestTimeout
        case 409: .conflict
        case 410: .gone
        case 413: .contentTooLarge
        case 414: .uriTooLong
        case 415: .unsupportedMediaType
        case 417: .expectationFailed
        case 421: .misdirectedRequest
        case 422: .unprocessableContent
        case 431: .requestHeaderFieldsTooLarge
        case 500: .internalServerError
        case 501: .notImplemented
        case 503: .serviceUnavailable
        case 505: .httpVersionNotSupported
        case 507: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
        default: self
        }
    }
}
