/// One file of a torrent as it lies, or will lie, on the disk.
public struct MediaFile: Hashable, Sendable {
    /// Its path on this machine.
    public let path: String
    /// How many bytes it has when it is whole.
    public let length: Int64
    /// Where it begins, counted from the torrent's first byte.
    public let offset: Int64
}
