public import HTTPTypes

/// The outcome of a request's conditions (RFC 9110, 13.2.2).
public enum Preconditions: Sendable, Equatable {
    /// The method is to be performed; whether its Range header counts follows from If-Range.
    case proceed(honoursRange: Bool)
    /// 304.
    case notModified
    /// 412.
    case failed

    /// Evaluates the conditions in the order that RFC 9110 gives.
    ///
    /// - Parameters:
    ///   - etag: the current tag of the content.
    ///   - lastModified: the time of its last change, seconds since 1970.
    public init(
        _ fields: HTTPFields, method: HTTPRequest.Method, etag: EntityTag?, lastModified: Int64?
    ) {
        let isRead = method == .get || method == .head
        if let match = Self.joined(fields, .ifMatch) {
            guard Self.matches(match, etag, strongly: true) else {
                self = .failed
                return
            }
        } else if let limit = fields[.ifUnmodifiedSince].flatMap(HTTPDate.parse), let lastModified, lastModified > limit
        {
            self = .failed
            return
        }
        if let match = Self.joined(fields, .ifNoneMatch) {
            guard !Self.matches(match, etag, strongly: false) else {
                self = isRead ? .notModified : .failed
                return
            }
        } else if isRead, let limit = fields[.ifModifiedSince].flatMap(HTTPDate.parse), let lastModified,
            lastModified <= limit
        {
            self = .notModified
            return
        }
        self = .proceed(honoursRange: method == .get && Self.rangeCounts(fields, etag, lastModified))
    }

    private static func joined(_ fields: HTTPFields, _ name: HTTPField.Name) -> String? {
        let values = fields[values: name]
        return values.isEmpty ? nil : values.joined(separator: ",")
    }

    /// A malformed list matches nothing.
    private static func matches(_ list: String, _ etag: EntityTag?, strongly: Bool) -> Bool {
        if list.utf8.allSatisfy({ $0 == UInt8(ascii: "*") || Octet.isBlank($0) }), list.contains("*") { return true }
        guard let etag, let tags = EntityTag.list(list) else { return false }
        return tags.contains { strongly ? $0.matchesStrongly(etag) : $0.matchesWeakly(etag) }
    }

    /// If-Range needs the same strong tag, or exactly the time of the last change.
    private static func rangeCounts(_ fields: HTTPFields, _ etag: EntityTag?, _ lastModified: Int64?) -> Bool {
        guard let condition = fields[.ifRange] else { return true }
        if condition.contains("\"") {
            guard let etag, let tags = EntityTag.list(condition), tags.count == 1 else { return false }
            return tags[0].matchesStrongly(etag)
        }
        guard let time = HTTPDate.parse(condition), let lastModified else { return false }
        return time == lastModified
    }
}
