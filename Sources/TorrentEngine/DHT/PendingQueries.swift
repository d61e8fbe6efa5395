import ByteCoding
import DHTWire

/// A question of ours that is not answered yet.
struct PendingQuery {
    enum Purpose: Equatable {
        /// A step of a search.
        case search(UInt32)
        /// Is it there? Its answer brings it into the table.
        case check
        /// An announce; its answer changes nothing.
        case announce
    }

    let endpoint: Endpoint
    let purpose: Purpose
    let sentAt: ContinuousClock.Instant
    var isSlow = false
}

/// Who owes us an answer. One counts only with the number of its question, and from the very address and port that was
/// asked.
struct PendingQueries {
    /// After that long another node is asked meanwhile.
    static let slowAfter = Duration.milliseconds(1_500)
    /// After that long no answer is awaited.
    static let lostAfter = Duration.seconds(4)
    private static let capacity = 1_024
    private var queries: [UInt32: PendingQuery] = [:]
    private var awaited: [Endpoint: Int] = [:]

    var isFull: Bool { queries.count >= Self.capacity }
    func isAwaited(_ endpoint: Endpoint) -> Bool { awaited[endpoint] != nil }

    /// Opens a question under a random number of four bytes, which nobody off the path can guess.
    mutating func open(_ query: PendingQuery, random: inout DHTRandom) -> [UInt8] {
        var number: UInt32
        repeat { number = UInt32(truncatingIfNeeded: random.next()) } while queries[number] != nil
        queries[number] = query
        awaited[query.endpoint, default: 0] += 1
        var bytes: [UInt8] = []
        bytes.append(bigEndian: number)
        return bytes
    }

    /// Closes the question that this is the answer to; nil when it was never put there.
    mutating func close(_ transactionID: [UInt8], from endpoint: Endpoint) -> PendingQuery? {
        guard transactionID.count == 4 else { return nil }
        let number = transactionID.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard let query = queries[number], query.endpoint == endpoint else { return nil }
        remove(number, endpoint)
        return query
    }

    /// The questions that have become slow since the last call, and those that are given up.
    mutating func overdue(now: ContinuousClock.Instant) -> (slow: [PendingQuery], lost: [PendingQuery]) {
        var slow: [PendingQuery] = []
        var lost: [PendingQuery] = []
        for (number, query) in queries {
            if now - query.sentAt >= Self.lostAfter {
                lost.append(query)
                remove(number, query.endpoint)
            } else if !query.isSlow, now - query.sentAt >= Self.slowAfter {
                slow.append(query)
                queries[number]?.isSlow = true
            }
        }
        return (slow, lost)
    }

    private mutating func remove(_ number: UInt32, _ endpoint: Endpoint) {
        queries[number] = nil
        let left = awaited[endpoint, default: 0] - 1
        awaited[endpoint] = left > 0 ? left : nil
    }
}
