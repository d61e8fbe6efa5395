/// What a process asks the owner of the directory to do.
enum SpaceRequest: Sendable, Hashable, Codable {
    /// Answer, so that this process knows that somebody is there.
    case hello
    /// Make a torrent of the directory active, or change what this process wants of it.
    case hold(Hold)
    /// This process no longer wants it; `isLasting` when it is not to become active at the next opening either.
    case release(MediaID, isLasting: Bool)
    /// Forget it, its content as well when so said. Refused while another process holds it.
    case remove(MediaID, withContent: Bool)
    /// How everything stands.
    case statuses
    /// How one torrent stands.
    case status(MediaID)
    /// Tell this process of each change of a torrent's status, or no longer.
    case watch(MediaID, isOn: Bool)
    /// Wait until these bytes of a torrent are on the disk.
    case fetch(MediaID, ByteSpan)
    /// How many bytes are to be fetched for these.
    case missing(MediaID, [ByteSpan])
    /// Wait no longer for what the request of this number waits for.
    case withdraw(UInt64)
    /// Stop and begin again; nil for all.
    case restart(MediaID?)
}

/// What the owner answers.
enum SpaceReply: Sendable, Hashable, Codable {
    case done
    case statuses([MediaStatus])
    case bytes(Int64)
    case refused(SpaceError)
}

/// A request as it travels; the number comes back with the answer.
struct RequestMessage: Sendable, Codable {
    let number: UInt64
    let request: SpaceRequest
}

/// What the owner sends: answers, and the status of what the process watches at each change.
enum OwnerMessage: Sendable, Codable {
    case reply(number: UInt64, SpaceReply)
    case status(MediaStatus)
}
