import Accounts
import Catalog
import HTTPTypes
import HTTPWire
import Publishing
import Store
import WebServer

/// Turns every error that may be told into its answer: status, code for programs, sentence for people.
enum Refusal {
    static let loginNeeded = HTTPError(
        .unauthorized, code: "login_needed", message: "Log in to do this.")
    static let forbidden = HTTPError(
        .forbidden, code: "forbidden", message: "You may not do this.")
    static let badForm = HTTPError(
        .forbidden, code: "csrf",
        message: "This form was not sent from a page of this site, or the page is too old. Load the page again.")
    static let takenDown = HTTPError(
        .gone, code: "taken_down", message: "This video has been taken down.")
    static let noVideo = HTTPError(
        .notFound, code: "not_found", message: "There is no such video.")
    static let noClip = HTTPError(
        .notFound, code: "not_found", message: "There is no such clip.")
    static let noPage = HTTPError(
        .notFound, code: "not_found", message: "The library has no such page.")
    static let noTorrent = HTTPError(
        .notFound, code: "no_torrent", message: "This video has no torrent.")

    /// The answer to an error; nil when it is a fault of ours that nobody may read.
    static func answer(to error: any Error) -> HTTPError? {
        switch error {
        case let error as HTTPError: error
        case let error as PublishingError: ofPublishing(error)
        case let error as AccountError: ofAccount(error)
        case let error as StoreError: ofStore(error)
        case let error as CatalogError: HTTPError(.badRequest, code: "invalid_\(error.field)", message: error.sentence)
        case is FormError: HTTPError.badRequest("The form has too many or too long fields.", code: "bad_form")
        default: nil
        }
    }

    private static func ofPublishing(_ error: PublishingError) -> HTTPError {
        var headers: HTTPFields = [:]
        if let seconds = error.retryAfter ?? (error.status == 503 ? 5 : nil) {
            headers[.retryAfter] = String(seconds)
        }
        return HTTPError(status(error.status), code: error.code, message: error.message, headers: headers)
    }

    /// With its words, which problem documents have as their title.
    private static func status(_ code: Int) -> HTTPResponse.Status {
        switch code {
        case 400: .badRequest
        case 404: .notFound
        case 409: .conflict
        case 413: .contentTooLarge
        case 415: .unsupportedMediaType
        case 422: .unprocessableContent
        case 429: .tooManyRequests
        case 503: .serviceUnavailable
        case 507: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
        default: .internalServerError
        }
    }

    private static func ofAccount(_ error: AccountError) -> HTTPError {
        let status: HTTPResponse.Status =
            switch error {
            case .wrongCredentials: .unauthorized
            case .tooManyAttempts: .tooManyRequests
            case .busy, .unavailable: .serviceUnavailable
            case .weakPassword, .badName: .badRequest
            case .nameTaken, .lastAdmin: .conflict
            case .notFound: .notFound
            case .setupClosed: .forbidden
            }
        var headers: HTTPFields = [:]
        if let seconds = error.retryAfter { headers[.retryAfter] = String(seconds) }
        return HTTPError(status, code: error.code, message: error.message, headers: headers)
    }

    private static func ofStore(_ error: StoreError) -> HTTPError? {
        switch error.code {
        case .unavailable, .busy, .unknownOutcome:
            HTTPError(
                .serviceUnavailable, code: error.code.word,
                message: "The database does not answer at the moment. Try again in a few seconds.",
                headers: [.retryAfter: "5"])
        case .readOnly:
            HTTPError(
                .serviceUnavailable, code: "read_only", message: "The site cannot save anything at the moment.",
                headers: [.retryAfter: "30"])
        case .storageFull:
            HTTPError(
                HTTPResponse.Status(code: 507), code: "storage_full",
                message: "The site's disk is full at the moment. Nothing was saved.")
        case .notFound: HTTPError.notFound
        case .conflict: HTTPError(.conflict, code: "conflict", message: error.message)
        case .invalidValue: HTTPError.badRequest("A value cannot be stored as it is.", code: "invalid_value")
        case .broken: nil
        }
    }
}

extension StoreError.Code {
    /// The code as problem documents spell it.
    fileprivate var word: String { self == .unknownOutcome ? "unknown_outcome" : rawValue }
}
