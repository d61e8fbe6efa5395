import TrackerWire

/// Why a torrent is not tracked although its hash is known.
public enum RefusalReason: Hashable, Sendable {
    /// It was taken down: clients shall not ask again.
    case removed
    /// BitTorrent is switched off on this site.
    case off
}

/// Why an announce or scrape is refused, in fixed sentences: nothing of a request ever stands in them.
enum Refusal: Error, Hashable, Sendable {
    case unregistered, removed, off, badPort, badAddress, unknownPasskey, tooManyTorrents

    init(_ reason: RefusalReason) {
        switch reason {
        case .removed: self = .removed
        case .off: self = .off
        }
    }

    /// The sentence; over UDP it is all there is, and with its head no longer than the shortest announce.
    var message: StaticString {
        switch self {
        case .unregistered: "unregistered torrent"
        case .removed: "This torrent was removed."
        case .off: "This tracker is switched off."
        case .badPort: "bad port"
        case .badAddress: "bad address"
        case .unknownPasskey: "unknown passkey"
        case .tooManyTorrents: "too many torrents"
        }
    }

    /// The failure over HTTP, with the time to come back (BEP 31).
    var failure: TrackerFailure {
        switch self {
        case .removed: TrackerFailure(reason: message.description, retryIn: .never)
        case .off: TrackerFailure(reason: message.description, retryIn: .minutes(60))
        case .tooManyTorrents: TrackerFailure(reason: message.description, retryIn: .minutes(60))
        case .unregistered, .badPort, .badAddress, .unknownPasskey: TrackerFailure(reason: message.description)
        }
    }
}
