import HTTPTypes
import WebServer

/// The key by which a client marks repetitions of one upload (`Idempotency-Key`).
enum IdempotencyKey {
    /// How keys of the server's own work begin.
    private static let ownPrefixes = ["clip-", "import-"]

    /// The key of a request; nil without one.
    ///
    /// - Throws: 400 when it is not 1 to 200 visible ASCII characters, or could be one of the server's own.
    static func of(_ request: Request) throws -> String? {
        guard let name = HTTPField.Name("Idempotency-Key"), let key = request.headers[name] else { return nil }
        guard (1...200).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw HTTPError.badRequest(
                "An Idempotency-Key has 1 to 200 visible ASCII characters.", code: "bad_idempotency_key")
        }
        guard !ownPrefixes.contains(where: key.hasPrefix) else {
            throw HTTPError.badRequest(
                "An Idempotency-Key does not begin with clip- or import-: choose another.", code: "bad_idempotency_key")
        }
        return key
    }
}
