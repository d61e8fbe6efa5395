import ByteCoding
import HTTPWire
import WebServer

/// The two cookies of the site: the session's, and one for forms of people who are not logged in.
///
/// Over TLS their names begin with `__Host-`, which browsers accept only with Secure, path `/` and no domain.
struct SessionCookie: Sendable {
    private static let lifetime: Int64 = 30 * 86_400
    private let isSecure: Bool

    init(_ request: Request) { isSecure = request.isSecure }

    private var sessionName: String { isSecure ? "__Host-sid" : "sid" }
    private var visitorName: String { isSecure ? "__Host-form" : "form" }

    /// The session token that came with the request.
    func sessionToken(in request: Request) -> String? { request.cookies[sessionName] }

    /// The visitor's form token that came with the request, if it is one of ours by its look.
    func visitorToken(in request: Request) -> String? {
        request.cookies[visitorName].flatMap { $0.utf8.count == 43 ? $0 : nil }
    }

    /// The cookie that carries a session.
    func session(_ token: String) -> SetCookie {
        SetCookie(name: sessionName, value: token, maxAge: Self.lifetime, isSecure: isSecure)
    }

    /// The cookie that ends a session in the browser.
    var end: SetCookie { SetCookie(name: sessionName, value: "", maxAge: 0, isSecure: isSecure) }

    /// The cookie that carries a visitor's form token.
    func visitor(_ token: String) -> SetCookie {
        SetCookie(name: visitorName, value: token, isSecure: isSecure, sameSite: .strict)
    }

    /// A fresh form token: 256 bits from the system's random source.
    static func freshVisitorToken() -> String {
        var random = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        for _ in 0..<4 { bytes.append(bigEndian: random.next() as UInt64) }
        return Base64URL.encode(bytes)
    }
}
