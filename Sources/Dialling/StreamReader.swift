public import NIOCore

/// Takes an answer as it comes.
public protocol StreamReader: Sendable {
    /// The head is there. False: the body is of no use, and is not read.
    func begin(_ head: FetchedHead) -> Bool

    /// A part of the body. What comes after it waits until this returns. False: that was enough.
    func take(_ part: ByteBuffer) async -> Bool
}

/// How a body that was read as it came ended.
public enum StreamEnding: Hashable, Sendable {
    /// The server sent all of it.
    case whole
    /// The reader wanted no more.
    case stopped
    /// It broke off.
    case broken(FetchError)
}
