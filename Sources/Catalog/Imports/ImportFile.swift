/// A file of a torrent that may be the film.
public struct ImportFile: Hashable, Sendable {
    /// Its place in the torrent's list, from 0, padding files counted.
    public let number: Int
    /// Its path inside the torrent, made safe. Text from outside: escape it.
    public let path: String
    /// Its length in bytes.
    public let length: Int64

    /// Makes a file from its parts.
    public init(number: Int, path: String, length: Int64) {
        self.number = number
        self.path = path
        self.length = length
    }
}
