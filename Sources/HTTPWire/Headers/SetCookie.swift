/// A cookie to be set (RFC 6265, 4.1).
public struct SetCookie: Sendable, Equatable {
    /// When a browser sends the cookie along from other sites.
    public enum SameSite: String, Sendable {
        /// Only from this site.
        case strict = "Strict"
        /// Also when a link elsewhere is followed.
        case lax = "Lax"
    }

    /// The name.
    public var name: String
    /// The value.
    public var value: String
    /// How long it lives, in seconds; nil until the browser ends, 0 deletes it.
    public var maxAge: Int64?
    /// The path it is sent to.
    public var path: String
    /// Whether it is sent over TLS only.
    public var isSecure: Bool
    /// Whether scripts cannot read it.
    public var isHTTPOnly: Bool
    /// When it is sent along from other sites.
    public var sameSite: SameSite

    /// A cookie for the whole site; closed to scripts and other sites unless said otherwise.
    public init(
        name: String, value: String, maxAge: Int64? = nil, path: String = "/", isSecure: Bool, isHTTPOnly: Bool = true,
        sameSite: SameSite = .lax
    ) {
        self.name = name
        self.value = value
        self.maxAge = maxAge
        self.path = path
        self.isSecure = isSecure
        self.isHTTPOnly = isHTTPOnly
        self.sameSite = sameSite
    }

    /// The field value. Octets that a name, value or path may not hold are dropped, so nothing can be smuggled in.
    public var formatted: String {
        var out = "\(Self.clean(name, Octet.isToken))=\(Self.clean(value, Self.isCookieOctet))"
        out += "; Path=\(Self.clean(path, Self.isCookieOctet))"
        if let maxAge { out += "; Max-Age=\(maxAge)" }
        if isSecure { out += "; Secure" }
        if isHTTPOnly { out += "; HttpOnly" }
        return out + "; SameSite=\(sameSite.rawValue)"
    }

    private static func clean(_ text: String, _ isAllowed: (UInt8) -> Bool) -> String {
        String(decoding: text.utf8.filter(isAllowed), as: UTF8.self)
    }

    private static func isCookieOctet(_ byte: UInt8) -> Bool {
        Octet.isVisible(byte) && byte != Octet.quote && byte != UInt8(ascii: ",") && byte != Octet.semicolon
            && byte != Octet.backslash
    }
}
