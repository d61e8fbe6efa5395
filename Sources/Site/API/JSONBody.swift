import ClipIndex
import Foundation
import HTTPTypes
import WebServer

/// A posted JSON object, of which each member must be one that the call knows.
struct JSONBody {
    /// The most bytes of a JSON body.
    private static let limit = 1 << 20

    private var members: [String: JSONValue]

    /// Reads the body.
    ///
    /// - Parameter mayBeEmpty: whether no body is an empty object.
    /// - Throws: 415 when it is not `application/json`, 413 over 1 MiB, 400 when it is no object.
    init(_ request: Request, mayBeEmpty: Bool = false) async throws {
        let bytes = try await request.body.collect(upTo: Self.limit)
        if bytes.isEmpty, mayBeEmpty {
            members = [:]
            return
        }
        let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased() ?? ""
        guard type.filter({ $0 != " " }) == "application/json" else {
            throw HTTPError(
                .unsupportedMediaType, code: "not_json", message: "This call takes application/json.")
        }
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)),
            case .object(let members) = value
        else { throw HTTPError.badRequest("The body is no JSON object.", code: "bad_json") }
        self.members = members
    }

    /// Takes a text member; nil when it is not there.
    mutating func text(_ name: String) throws -> String? {
        switch members.removeValue(forKey: name) {
        case .text(let text): text
        case nil: nil
        default: throw Self.wrong(name, "a text")
        }
    }

    /// Takes a true or false; nil when it is not there.
    mutating func flag(_ name: String) throws -> Bool? {
        switch members.removeValue(forKey: name) {
        case .flag(let flag): flag
        case nil: nil
        default: throw Self.wrong(name, "true or false")
        }
    }

    /// Takes a whole number; nil when it is not there.
    mutating func number(_ name: String) throws -> Int64? {
        switch members.removeValue(forKey: name) {
        case .number(let number): number
        case nil: nil
        default: throw Self.wrong(name, "a whole number")
        }
    }

    /// Takes a moment of a film, in seconds or as `h:mm:ss`; nil when it is not there.
    mutating func seconds(_ name: String) throws -> Double? {
        switch members.removeValue(forKey: name) {
        case .number(let number): return Double(number)
        case .fraction(let number): return number
        case .text(let text):
            guard let seconds = ClipTime.parse(text) else {
                throw Self.wrong(name, "a number of seconds", "bad_range")
            }
            return seconds
        case nil: return nil
        default: throw Self.wrong(name, "a number of seconds", "bad_range")
        }
    }

    /// Takes a list of texts; nil when it is not there.
    mutating func texts(_ name: String) throws -> [String]? {
        guard let value = members.removeValue(forKey: name) else { return nil }
        guard let texts = value.texts else { throw Self.wrong(name, "a list of texts") }
        return texts
    }

    /// Takes a list of lists of texts; nil when it is not there.
    mutating func lists(_ name: String) throws -> [[String]]? {
        guard let value = members.removeValue(forKey: name) else { return nil }
        guard case .list(let elements) = value else { throw Self.wrong(name, "a list of lists of texts") }
        return try elements.map { element in
            guard let texts = element.texts else { throw Self.wrong(name, "a list of lists of texts") }
            return texts
        }
    }

    /// Refuses what no one has taken.
    func finish() throws {
        guard let name = members.keys.sorted().first else { return }
        let shown = String(name.prefix(40))
        throw HTTPError.badRequest("This call does not know the member \"\(shown)\".", code: "unknown_member")
    }

    private static func wrong(_ name: String, _ kind: String, _ code: String? = nil) -> HTTPError {
        HTTPError.badRequest("The member \(name) must be \(kind).", code: code ?? "invalid_\(name)")
    }
}

/// Any JSON value. Nesting is bounded by the decoder (512).
private enum JSONValue: Decodable {
    case object([String: JSONValue])
    case list([JSONValue])
    case text(String)
    case number(Int64)
    case fraction(Double)
    case flag(Bool)
    case other

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Int64.self) {
            self = .number(number)
        } else if let fraction = try? value.decode(Double.self) {
            self = .fraction(fraction)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSONValue].self) {
            self = .list(list)
        } else if let object = try? value.decode([String: JSONValue].self) {
            self = .object(object)
        } else {
            self = .other
        }
    }

    var texts: [String]? {
        guard case .list(let elements) = self else { return nil }
        var texts: [String] = []
        for element in elements {
            guard case .text(let text) = element else { return nil }
            texts.append(text)
        }
        return texts
    }
}
