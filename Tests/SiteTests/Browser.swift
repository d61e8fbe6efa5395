import ByteCoding
import Foundation
import HTTPTypes
import HTTPWire
import Synchronization
import Testing
import WebServer

/// Sends requests to a router as a browser or a script does, and keeps cookies.
struct Browser {
    let router: Router
    var cookies: [String: String] = [:]
    var csrf = ""
    var bearer: String?
    var host = "films.example"
    var isSecure = false
    var localAddress = "192.0.2.1:8080"

    /// An answer, read to its end.
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        var location: String? { headers[.location] }

        func json() throws -> [String: Any] {
            try #require(JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
        }

        /// The member `code` of a problem document.
        var code: String? { (try? json())?["code"] as? String }
    }

    mutating func get(_ target: String, _ headers: HTTPFields = [:]) async throws -> Answer {
        try await send(.get, target, headers)
    }

    /// Posts a form with this session's token; `csrf: nil` leaves it out.
    mutating func post(
        _ target: String, _ fields: [(String, String)] = [], csrf: String?? = .some(nil), _ headers: HTTPFields = [:]
    ) async throws -> Answer {
        var fields = fields
        switch csrf {
        case .some(.none): fields.insert(("csrf", self.csrf), at: 0)
        case .some(.some(let token)): fields.insert(("csrf", token), at: 0)
        case .none: break
        }
        let body = fields.map { PercentEncoding.encode($0.0) + "=" + PercentEncoding.encode($0.1) }.joined(
            separator: "&")
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try await send(.post, target, headers, body: Array(body.utf8))
    }

    /// Calls the API with this user's token.
    mutating func api(
        _ method: HTTPRequest.Method, _ path: String, json: String? = nil, _ headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        if let bearer { headers[.authorization] = "Bearer \(bearer)" }
        if json != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        return try await send(method, "/api/v1" + path, headers, body: json.map { Array($0.utf8) })
    }

    /// One part of a form: a field, or a file when it has a file name.
    struct Part {
        var name: String
        var value: [UInt8]
        var fileName: String?

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = Array(value.utf8)
        }

        init(_ name: String, file: [UInt8], named fileName: String) {
            self.name = name
            self.value = file
            self.fileName = fileName
        }
    }

    mutating func multipart(
        _ target: String, _ parts: [Part], _ headers: HTTPFields = [:]
    ) async throws -> Answer {
        var body: [UInt8] = []
        for part in parts {
            body += "--BOUNDARY\r\nContent-Disposition: form-data; name=\"\(part.name)\"".utf8
            if let name = part.fileName { body += "; filename=\"\(name)\"\r\nContent-Type: video/mp4".utf8 }
            body += "\r\n\r\n".utf8
            body += part.value
            body += "\r\n".utf8
        }
        body += "--BOUNDARY--\r\n".utf8
        var headers = headers
        headers[.contentType] = "multipart/form-data; boundary=BOUNDARY"
        return try await send(.post, target, headers, body: body)
    }

    mutating func send(
        _ method: HTTPRequest.Method, _ target: String, _ headers: HTTPFields = [:], body: [UInt8]? = nil
    ) async throws -> Answer {
        let response = try await respond(method, target, headers, body: body)
        return Answer(status: response.status.code, headers: response.headers, body: try await Self.read(response.body))
    }

    /// The answer as the router gave it, its body unread.
    mutating func respond(
        _ method: HTTPRequest.Method, _ target: String, _ headers: HTTPFields = [:], body: [UInt8]? = nil
    ) async throws -> Response {
        var headers = headers
        if !cookies.isEmpty, headers[.cookie] == nil {
            headers[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        }
        let request = try Request(
            method: method, target: target, headers: headers, body: body.map { RequestBody(bytes: $0) } ?? .empty,
            client: try #require(Endpoint("198.51.100.7:50000")), localAddress: try #require(Endpoint(localAddress)),
            host: host, isSecure: isSecure)
        let response = await router.respond(to: request)
        for cookie in response.headers[values: .setCookie] { keep(cookie) }
        return response
    }

    private mutating func keep(_ cookie: String) {
        let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2 else { return }
        cookies[String(pair[0])] = cookie.contains("Max-Age=0") ? nil : String(pair[1])
    }

    private static func read(_ body: ResponseBody) async throws -> [UInt8] {
        switch body {
        case .none, .events: return []
        case .bytes(let bytes): return bytes
        case .file(let file, let range):
            return try file.read(at: range.lowerBound, count: Int(range.upperBound - range.lowerBound))
        case .stream(_, let write):
            let collector = Collector()
            try await write(collector)
            return collector.bytes
        }
    }

    private final class Collector: BodyWriter {
        private let collected = Mutex<[UInt8]>([])
        var bytes: [UInt8] { collected.withLock { $0 } }
        func write(_ bytes: [UInt8]) async throws { collected.withLock { $0 += bytes } }
    }
}

extension Browser.Answer {
    /// The value of a hidden field, as a browser would send it back.
    func hiddenField(_ name: String) -> String? {
        guard let start = text.range(of: "name=\"\(name)\" value=\"") else { return nil }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }
}
