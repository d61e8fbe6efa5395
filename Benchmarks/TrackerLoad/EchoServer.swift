import CLinux
import Glibc

/// The bare loop to compare with: datagrams in, answers of the sizes a tracker's would have out, nothing in between.
struct EchoServer {
    private let descriptor: CInt
    private let answerLength: Int

    init(_ options: LoadOptions) throws(LoadError) {
        descriptor = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { throw .system("socket") }
        Sockets.set(descriptor, SOL_SOCKET, SO_RCVBUF, 4 << 20)
        answerLength = 20 + 6 * options.numWant
        let port = options.port
        let host = options.host
        let descriptor = descriptor
        guard unsafe Sockets.withAddress(host, port, { unsafe bind(descriptor, $0, $1) }) == 0 else {
            throw .system("bind")
        }
    }

    /// Runs until the process is ended.
    func run() throws(LoadError) {
        let requests = DatagramRing(slotLength: 2048, keepsNames: true)
        let answers = DatagramRing(slotLength: 2048, keepsNames: true)
        let waitForOne: CInt = 0x10000  // MSG_WAITFORONE
        while true {
            let count = requests.receive(descriptor, flags: waitForOne)
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .system("recvmmsg")
            }
            for index in 0..<count { answer(requests, answers, index) }
            _ = answers.send(descriptor, count: count)
        }
    }

    /// The transaction goes back; a connect is answered with an id, anything else with a full list of zeros.
    private func answer(_ requests: DatagramRing, _ answers: DatagramRing, _ index: Int) {
        let isConnect = requests.length(index) == 16
        let request = unsafe requests.slot(index)
        let answer = unsafe answers.slot(index)
        unsafe answer.storeBytes(of: (isConnect ? 0 : 1 as UInt32).bigEndian, as: UInt32.self)
        unsafe answer.storeBytes(
            of: request.loadUnaligned(fromByteOffset: 12, as: UInt32.self), toByteOffset: 4, as: UInt32.self)
        answers.setLength(index, isConnect ? 16 : answerLength)
        answers.takeName(index, from: requests, at: index)
    }
}
