import HTTPTypes

/// A node of the route tree: one path segment.
struct RouteNode: Sendable {
    /// A child that captures: in the order of decreasing literal length, so that the most literal comes first.
    struct CaptureChild: Sendable {
        let name: String
        let prefix: String
        let suffix: String
        var node: RouteNode
        var literalCount: Int { prefix.utf8.count + suffix.utf8.count }
    }

    private var literals: [String: RouteNode] = [:]
    private var captures: [CaptureChild] = []
    private var rest: (name: String, routes: [HTTPRequest.Method: Route])?
    private var routes: [HTTPRequest.Method: Route] = [:]

    mutating func insert(_ route: Route, method: HTTPRequest.Method, at path: ArraySlice<RoutePattern.Segment>) {
        guard let segment = path.first else {
            routes[method] = route
            return
        }
        switch segment {
        case .literal(let text):
            literals[text, default: RouteNode()].insert(route, method: method, at: path.dropFirst())
        case .capture(let name, let prefix, let suffix):
            let index = captureIndex(name: name, prefix: prefix, suffix: suffix)
            captures[index].node.insert(route, method: method, at: path.dropFirst())
        case .rest(let name):
            var methods = rest?.routes ?? [:]
            methods[method] = route
            rest = (name, methods)
        }
    }

    private mutating func captureIndex(name: String, prefix: String, suffix: String) -> Int {
        let same = captures.firstIndex { $0.name == name && $0.prefix == prefix && $0.suffix == suffix }
        if let same { return same }
        let child = CaptureChild(name: name, prefix: prefix, suffix: suffix, node: RouteNode())
        let position = captures.firstIndex { $0.literalCount < child.literalCount } ?? captures.endIndex
        captures.insert(child, at: position)
        return position
    }

    /// Finds the most literal route for the method; notes in `search` what else the path would take.
    func find(_ search: inout RouteSearch, at path: ArraySlice<String>) -> Route? {
        guard let segment = path.first else { return search.pick(from: routes) }
        if let child = literals[segment], let route = child.find(&search, at: path.dropFirst()) { return route }
        for child in captures {
            guard let value = child.value(in: segment) else { continue }
            search.parameters.append(child.name, value)
            if let route = child.node.find(&search, at: path.dropFirst()) { return route }
            search.parameters.removeLast()
        }
        guard let rest, let route = search.pick(from: rest.routes) else { return nil }
        search.parameters.append(rest.name, path.joined(separator: "/"))
        return route
    }
}

extension RouteNode.CaptureChild {
    /// What of the segment is captured; nil unless the literal ends fit and something is left between them.
    func value(in segment: String) -> String? {
        guard segment.utf8.count > literalCount, segment.hasPrefix(prefix), segment.hasSuffix(suffix) else {
            return nil
        }
        if literalCount == 0 { return segment }
        return String(segment.dropFirst(prefix.count).dropLast(suffix.count))
    }
}
