import HTTPTypes
public import HTTPWire

extension Request {
    /// The fields of an `application/x-www-form-urlencoded` body.
    ///
    /// - Throws: `HTTPError` 415 for another type, 413 over the limits, and what reading the body throws.
    public func form(upTo limit: Int = 1_048_576, fields: Int = 1000) async throws -> FormFields {
        let type = (headers[.contentType] ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        guard type == "application/x-www-form-urlencoded" else {
            throw HTTPError(.unsupportedMediaType, code: "not_a_form", message: "This address takes a form.")
        }
        let bytes = try await body.collect(upTo: limit)
        do {
            return try FormFields(decoding: bytes, limit: fields)
        } catch {
            throw HTTPError(.contentTooLarge, code: "too_many_fields", message: "The form has too many fields.")
        }
    }
}
