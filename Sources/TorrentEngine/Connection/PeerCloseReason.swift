/// Why a connection ends; also a metric label, so the set is closed.
enum PeerCloseReason: String, Error, Sendable, CaseIterable {
    // Before or in the handshake.
    case notBitTorrent = "not_bittorrent"
    case unknownTorrent = "unknown_torrent"
    case wrongTorrent = "wrong_torrent"
    case ourselves
    case duplicate
    case tooManyConnections = "too_many_connections"
    case handshakeTimeout = "handshake_timeout"
    // What a peer did wrong.
    case malformedMessage = "malformed_message"
    case messageTooLong = "message_too_long"
    case invalidHave = "invalid_have"
    case invalidBitfield = "invalid_bitfield"
    case fastNotNegotiated = "fast_not_negotiated"
    case unexpectedPiece = "unexpected_piece"
    case tooManyRequestsWhileChoked = "too_many_requests_while_choked"
    case tooManyInvalidRequests = "too_many_invalid_requests"
    case tookTooMuch = "took_too_much"
    case badData = "bad_data"
    case badHashes = "bad_hashes"
    case badMetadata = "bad_metadata"
    case pexFlood = "pex_flood"
    case banned
    // Time.
    case silent
    case idle
    case slowReader = "slow_reader"
    // No fault of the peer.
    case bothSeeds = "both_seeds"
    case contentUnreadable = "content_unreadable"
    case switchedOff = "switched_off"
    case torrentRemoved = "torrent_removed"
    case engineStopping = "engine_stopping"
    case torrentStopped = "torrent_stopped"
    case trackerSwitched = "tracker_switched"
    case encryptionFailed = "encryption_failed"
    case connectionLost = "connection_lost"
}
