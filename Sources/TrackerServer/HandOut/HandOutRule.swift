/// By what a leecher's peers are chosen. Seeders always get leechers only, at random.
public enum HandOutRule: String, CaseIterable, Hashable, Sendable {
    /// Any, all alike.
    case random
    /// Those that upload most come first.
    case uploaders
    /// Some that upload most, some that were not handed out lately, the others random.
    case mixed
}
