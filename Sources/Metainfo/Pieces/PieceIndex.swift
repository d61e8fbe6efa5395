/// The number of a piece, counted from 0.
public struct PieceIndex: RawRepresentable, Hashable, Comparable, Sendable {
    /// The number as it stands on the wire.
    public let rawValue: UInt32

    /// A piece by its number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A piece by its number.
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// The order in the torrent.
    public static func < (left: PieceIndex, right: PieceIndex) -> Bool { left.rawValue < right.rawValue }
}

extension PieceIndex: CustomStringConvertible {
    /// The number in decimal.
    public var description: String { String(rawValue) }
}
