/// What a look into a folder brought about.
public struct RescanResult: Sendable, Equatable {
    /// What has become active.
    public var added: [MediaID] = []
    /// What was stopped because it is no longer there.
    public var removed: [MediaID] = []
    /// What could not be taken up, each as a sentence; said once until it changes.
    public var problems: [String] = []

    /// Whether nothing has changed.
    public var isEmpty: Bool { added.isEmpty && removed.isEmpty && problems.isEmpty }

    /// A result of nothing.
    public init() {}
}
