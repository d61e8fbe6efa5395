import Dialling
import NIOCore

/// Why a seeder did not give what it was asked for.
enum PeerProbeError: Error, Equatable {
    /// No connection. The text says why.
    case unreachable(String)
    /// Connected, but it closed before it shook hands, as it does for a torrent it does not serve.
    case noHandshake
    /// It shook hands for another torrent, or what it sent is no message.
    case malformed
    /// It has shaken hands, then closed.
    case closed
    /// It did not answer in time. True when it had shaken hands.
    case timedOut(afterHandshake: Bool)
    /// It does not give out the torrent's metadata.
    case noMetadata
    /// The metadata has another hash.
    case wrongMetadata

    /// The system's words for a failed connection.
    static func words(of error: any Error) -> String {
        switch error {
        case DialError.refused: "the address is nobody's"
        case is ChannelError: "no answer in time"
        case let error as IOError: error.errnoCode == 111 ? "connection refused" : error.description
        default: "no connection"
        }
    }
}
