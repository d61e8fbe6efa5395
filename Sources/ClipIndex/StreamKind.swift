/// What a stream of a film carries. The raw value is what the encoded index stores.
public enum StreamKind: UInt8, Sendable, CaseIterable {
    case video = 0
    case audio = 1
    case subtitle = 2
    case other = 3
}
