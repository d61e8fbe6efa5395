/// Why an account action was refused.
///
/// Every case can be told to the one who asked: none of them says whether a user name exists, except ``nameTaken``,
/// which only an admin (or the one-time set-up) can provoke.
public enum AccountError: Error, Equatable, Sendable {
    /// The name is unknown, the password is wrong, or the user is disabled: one answer for all three.
    case wrongCredentials
    /// Too many wrong passwords; `retryAfter` is in whole seconds, at least 1.
    case tooManyAttempts(retryAfter: Int)
    /// All password checks allowed at one time are running and the queue is full; try again in a few seconds.
    case busy
    /// The password breaks ``PasswordRule``; the sentence says how.
    case weakPassword(String)
    /// The user name breaks the rules of `Catalog.UserName`; the sentence says how.
    case badName(String)
    /// Another user has this name.
    case nameTaken
    /// There is no such user, session or token.
    case notFound
    /// The set-up token is wrong or used, or there is a user already.
    case setupClosed
    /// The change would leave the site without an admin who can log in.
    case lastAdmin
    /// The database does not answer; nothing was changed.
    case unavailable(String)

    /// The word for API answers.
    public var code: String {
        switch self {
        case .wrongCredentials: "wrong_credentials"
        case .tooManyAttempts: "too_many_attempts"
        case .busy: "busy"
        case .weakPassword: "weak_password"
        case .badName: "bad_name"
        case .nameTaken: "name_taken"
        case .notFound: "not_found"
        case .setupClosed: "setup_closed"
        case .lastAdmin: "last_admin"
        case .unavailable: "unavailable"
        }
    }

    /// A sentence for people.
    public var message: String {
        switch self {
        case .wrongCredentials: "The user name or the password is wrong."
        case .tooManyAttempts(let seconds): "Too many attempts. Try again in \(seconds) seconds."
        case .busy: "Too many people are logging in at this moment. Try again in a few seconds."
        case .weakPassword(let sentence), .badName(let sentence): sentence
        case .nameTaken: "There is a user with this name already."
        case .notFound: "There is no such user."
        case .setupClosed: "This set-up link is used or was never valid."
        case .lastAdmin: "The site needs at least one admin who can log in."
        case .unavailable: "The database does not answer at the moment. Try again in a few seconds."
        }
    }

    /// Seconds after which trying again makes sense, where that is known.
    public var retryAfter: Int? {
        switch self {
        case .tooManyAttempts(let seconds): seconds
        case .busy, .unavailable: 5
        default: nil
        }
    }
}
