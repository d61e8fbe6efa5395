/// Names a value that middleware attaches to a request: `request[ViewerAttribute.self] = viewer`.
public protocol RequestAttribute {
    /// The type of the attached value.
    associatedtype Value: Sendable
}
