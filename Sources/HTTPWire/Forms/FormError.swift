/// Why a form body was refused.
public enum FormError: Error, Sendable, Equatable {
    /// More fields than the limit.
    case tooManyFields
}
