import HTTPTypes

/// One search of the route tree: what is looked for, and what was seen on the way.
struct RouteSearch {
    let method: HTTPRequest.Method
    var parameters = PathParameters()
    private(set) var allowed: Set<String> = []

    init(method: HTTPRequest.Method) {
        self.method = method
    }

    mutating func pick(from routes: [HTTPRequest.Method: Route]) -> Route? {
        if let route = routes[method] { return route }
        if method == .head, let route = routes[.get] { return route }
        for other in routes.keys {
            allowed.insert(other.rawValue)
            if other == .get { allowed.insert("HEAD") }
        }
        return nil
    }

    /// The value of `Allow`.
    var allow: String { allowed.sorted().joined(separator: ", ") }
}
