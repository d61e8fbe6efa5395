import HTTPTypes
import WebServer

/// The key by which a client marks repetitions of one upload (`Idempotency-Key`).
enum IdempotencyKey {
    /// The key of a request; nil without one.
    ///
    /// - Throws: 400 when it is not 1 to 200 visible ASCII characters.
    static func of(_ request: Request) throws -> String? {
        guard let name = HTTPField.Name("Idempotency-Key"), let key = request.headers[name] else { return nil }
        guard (1...200).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw HTTPError.badRequest(
                "An Idempotency-Key has 1 to 200 visible ASCII characters.", code: "bad_idempotency_key")
        }
        return key
    }
}
