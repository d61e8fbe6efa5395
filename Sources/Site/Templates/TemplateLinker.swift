/// Puts partials and layouts in place, so that a page is one flat list of nodes and no name is looked up while
/// rendering. A missing template or one that contains itself is found here.
struct TemplateLinker {
    /// Templates inside templates; deeper is a circle.
    private static let depthLimit = 12

    let parsed: [String: [TemplateNode]]

    /// The linked nodes of the named template.
    func link(_ name: String) throws(TemplateError) -> [TemplateNode] {
        try joined(link(nodes(of: name, in: name), from: name, blocks: [:], depth: 0))
    }

    private func nodes(of name: String, in user: String) throws(TemplateError) -> [TemplateNode] {
        guard let nodes = parsed[name] else {
            throw TemplateError(template: user, line: 0, message: "there is no template \"\(name)\".")
        }
        return nodes
    }

    private func link(
        _ nodes: [TemplateNode], from user: String, blocks: [String: [TemplateNode]], depth: Int
    ) throws(TemplateError) -> [TemplateNode] {
        guard depth < Self.depthLimit else {
            throw TemplateError(template: user, line: 0, message: "templates include each other in a circle.")
        }
        var linked: [TemplateNode] = []
        for node in nodes {
            switch node {
            case .text, .variable: linked.append(node)
            case .section(let path, let inner):
                linked.append(.section(path, joined(try link(inner, from: user, blocks: blocks, depth: depth))))
            case .inverted(let path, let inner):
                linked.append(.inverted(path, joined(try link(inner, from: user, blocks: blocks, depth: depth))))
            case .partial(let name):
                linked += try link(self.nodes(of: name, in: user), from: name, blocks: blocks, depth: depth + 1)
            case .block(let name, let inner):
                if let replacement = blocks[name] {
                    linked += replacement
                } else {
                    linked += try link(inner, from: user, blocks: blocks, depth: depth)
                }
            case .layout(let name, let overrides):
                var replaced = blocks
                for (block, inner) in overrides where replaced[block] == nil {
                    replaced[block] = try link(inner, from: user, blocks: blocks, depth: depth + 1)
                }
                linked += try link(self.nodes(of: name, in: user), from: name, blocks: replaced, depth: depth + 1)
            }
        }
        return linked
    }

    /// Neighbouring texts as one.
    private func joined(_ nodes: [TemplateNode]) -> [TemplateNode] {
        var result: [TemplateNode] = []
        for node in nodes {
            if case .text(let more) = node, case .text(let text)? = result.last {
                result[result.count - 1] = .text(text + more)
            } else {
                result.append(node)
            }
        }
        return result
    }
}
