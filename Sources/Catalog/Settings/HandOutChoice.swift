/// By which rule the tracker chooses the peers it hands out to a leecher.
public enum HandOutChoice: String, CaseIterable, Sendable {
    /// Every peer is as likely as any other.
    case random
    /// Peers that upload most come first.
    case uploaders
    /// Some that upload most, some not handed out lately, some at random.
    case mixed
}
