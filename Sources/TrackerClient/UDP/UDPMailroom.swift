import ByteCoding
import Synchronization
import TrackerWire

/// Who waits for which datagram: an answer counts only with the number of an open question and from the very address
/// and port that was asked.
final class UDPMailroom: Sendable {
    private struct Question {
        let endpoint: Endpoint
        let answers: AsyncStream<UDPResponse>.Continuation
    }

    private let questions = Mutex<[UInt32: Question]>([:])

    /// Opens a question to `endpoint` under a random number.
    func open(to endpoint: Endpoint) -> (transactionID: UInt32, answers: AsyncStream<UDPResponse>) {
        let (stream, continuation) = AsyncStream.makeStream(of: UDPResponse.self, bufferingPolicy: .bufferingNewest(1))
        let number = questions.withLock { questions in
            var number: UInt32
            repeat { number = .random(in: 0...UInt32.max) } while questions[number] != nil
            questions[number] = Question(endpoint: endpoint, answers: continuation)
            return number
        }
        return (number, stream)
    }

    /// Closes a question; what still comes for it is passed over.
    func close(_ transactionID: UInt32) {
        questions.withLock { $0.removeValue(forKey: transactionID) }?.answers.finish()
    }

    /// Takes in whatever arrived.
    func deliver(_ packet: [UInt8], from source: Endpoint) {
        let span = packet.span
        let family = AddressFamily(of: source.address)
        // Bytes have no padding, the one thing that makes the raw view of a span unsafe.
        guard let response = try? UDPResponse.decode(unsafe span.bytes, family: family) else { return }
        let question = questions.withLock { $0[response.transactionID] }
        guard let question, question.endpoint == source else { return }
        question.answers.yield(response)
    }
}
