import ByteCoding
import DHTWire

/// A node a lookup has heard of.
struct LookupCandidate {
    enum State: Equatable {
        case new
        /// A question is under way; `isSlow` once others are asked in its place.
        case asked(isSlow: Bool)
        case answered
        case failed
    }

    let endpoint: Endpoint
    /// Nil for a node to begin with, whose id shows in its answer.
    var id: NodeID?
    /// How far it is from the target; zero while the id is not known, so that it is asked first.
    var distance: NodeID
    /// Whether its id belongs to its address (BEP 42).
    var isValid: Bool
    /// Whether it has answered us before this lookup; such a one is asked again when a packet gets lost.
    let isKnown: Bool
    var state = State.new
    var attempts = 0
    /// What lets us announce there.
    var token: [UInt8]?

    init(_ contact: NodeContact, target: NodeID, isKnown: Bool) {
        endpoint = contact.endpoint
        id = contact.id
        distance = contact.id.distance(to: target)
        isValid = contact.isValid
        self.isKnown = isKnown
    }

    init(entry: Endpoint) {
        endpoint = entry
        distance = NodeID(0, 0, 0)
        isValid = false
        isKnown = true
    }

    /// It has answered under that id.
    mutating func answered(as id: NodeID, target: NodeID, token: [UInt8]?) {
        self.id = id
        distance = id.distance(to: target)
        isValid = id.isValid(at: endpoint.address)
        state = .answered
        self.token = token
    }
}
