/// What a password must be: 8 to 1,024 bytes of UTF-8, taken exactly as sent.
///
/// No normalisation: composed and decomposed forms of a letter are different passwords, and NUL is a byte like any
/// other.
public enum PasswordRule {
    /// The lengths allowed, in bytes.
    public static let byteCounts = 8...1024

    /// The bytes of `password`; throws ``AccountError/weakPassword(_:)`` when there are too few or too many.
    public static func bytes(of password: String) throws(AccountError) -> [UInt8] {
        let bytes = [UInt8](password.utf8)
        guard bytes.count >= byteCounts.lowerBound else {
            throw .weakPassword("The password must have at least \(byteCounts.lowerBound) characters.")
        }
        guard bytes.count <= byteCounts.upperBound else {
            throw .weakPassword("The password must have at most \(byteCounts.upperBound) bytes.")
        }
        return bytes
    }
}
