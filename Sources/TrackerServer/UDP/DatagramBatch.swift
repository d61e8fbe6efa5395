import ByteCoding
import CLinux
import Glibc

/// The memory for a batch of datagrams in and out, allocated once and used by one thread.
///
/// `recvmmsg` fills it, each datagram is answered in place, `sendmmsg` sends what was written. An answer goes to the
/// datagram's source, from the address the datagram arrived on: the control message that told it is sent back with it.
@safe final class DatagramBatch {
    /// Datagrams a system call takes at most.
    static let size = 64
    private static let bufferLength = UDPExchange.longestDatagram
    private static let controlLength = 64

    private let requests: UnsafeMutableBufferPointer<mmsghdr>
    private let answers: UnsafeMutableBufferPointer<mmsghdr>
    private let vectors: UnsafeMutableBufferPointer<iovec>
    private let memory: UnsafeMutableRawBufferPointer
    /// Whether the socket tells where each datagram arrived.
    private let tellsArrival: Bool
    /// How many headers at the front the last call has written to.
    private var usedCount = 0
    private var answerCount = 0

    /// Per datagram: request buffer, answer buffer, source address, control message.
    private static let stride = 2 * bufferLength + 64 + controlLength

    init(tellsArrival: Bool) {
        self.tellsArrival = tellsArrival
        unsafe requests = .allocate(capacity: Self.size)
        unsafe answers = .allocate(capacity: Self.size)
        unsafe vectors = .allocate(capacity: 2 * Self.size)
        unsafe memory = .allocate(byteCount: Self.size * Self.stride, alignment: 64)
        unsafe requests.initialize(repeating: mmsghdr())
        unsafe answers.initialize(repeating: mmsghdr())
        unsafe vectors.initialize(repeating: iovec())
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
        for index in 0..<Self.size { prepare(index) }
    }

    deinit {
        unsafe requests.deallocate()
        unsafe answers.deallocate()
        unsafe vectors.deallocate()
        unsafe memory.deallocate()
    }

    /// Waits for a datagram and takes what is there; -1 with `errno` when receiving failed.
    func receive(from descriptor: CInt) -> Int {
        answerCount = 0
        for index in 0..<usedCount { resetLengths(index) }
        let waitForOne: CInt = 0x10000  // MSG_WAITFORONE, a GNU extension
        let count = Int(unsafe linux_recvmmsg(descriptor, requests.baseAddress, UInt32(Self.size), waitForOne))
        usedCount = max(0, count)
        return count
    }

    /// Answers the first `count` datagrams.
    func answer(_ count: Int, with exchange: inout UDPExchange, boundTo bound: IPAddress, now: UInt32) {
        for index in 0..<min(count, Self.size) { answerOne(index, with: &exchange, boundTo: bound, now: now) }
    }

    private func answerOne(_ index: Int, with exchange: inout UDPExchange, boundTo bound: IPAddress, now: UInt32) {
        let nameLength = Int(unsafe requests[index].msg_hdr.msg_namelen)
        let nameBytes = unsafe name(index)
        guard nameLength <= nameBytes.count,
            let source = unsafe SocketAddress.endpoint(UnsafeRawBufferPointer(rebasing: nameBytes[..<nameLength]))
        else { return }
        let local = (tellsArrival ? arrivalAddress(index) : nil) ?? bound
        // Of a longer datagram there is the front: a scrape of too many torrents is answered for those it holds.
        let length = min(Int(unsafe requests[index].msg_len), Self.bufferLength)
        let packet = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: request(index)[..<length]))
        var out = unsafe MutableRawSpan(_unsafeBytes: reply(index))
        let answerLength = exchange.answer(packet, from: source.address, at: local, now: now, into: &out)
        if answerLength > 0 { queue(index, length: answerLength) }
    }

    /// Sends the answers. What the socket does not take at once is lost, as datagrams may be.
    func send(to descriptor: CInt) {
        var first = 0
        while first < answerCount {
            let rest = unsafe answers.baseAddress.map { unsafe $0 + first }
            let count = UInt32(answerCount - first)
            let sent = Int(unsafe linux_sendmmsg(descriptor, rest, count, CInt(MSG_DONTWAIT)))
            if sent > 0 {
                first += sent
            } else if errno == EINTR {
                continue
            } else if errno == EAGAIN || errno == ENOBUFS {
                return
            } else {
                // This one cannot be sent (a source that cannot be reached, say); the others can.
                first += 1
            }
        }
    }

    /// Points a header at its memory, once.
    private func prepare(_ index: Int) {
        unsafe vectors[index] = unsafe iovec(iov_base: request(index).baseAddress, iov_len: Self.bufferLength)
        var header = unsafe msghdr()
        unsafe header.msg_name = name(index).baseAddress
        unsafe header.msg_iov = vectors.baseAddress.map { unsafe $0 + index }
        unsafe header.msg_iovlen = 1
        if tellsArrival { unsafe header.msg_control = control(index).baseAddress }
        unsafe requests[index] = unsafe mmsghdr(msg_hdr: header, msg_len: 0)
        resetLengths(index)
    }

    /// Gives a header its lengths back, which a call replaces by those of what it received.
    private func resetLengths(_ index: Int) {
        unsafe requests[index].msg_hdr.msg_namelen = socklen_t(SocketAddress.capacity)
        if tellsArrival { unsafe requests[index].msg_hdr.msg_controllen = Self.controlLength }
    }

    private func queue(_ index: Int, length: Int) {
        let slot = Self.size + answerCount
        unsafe vectors[slot] = unsafe iovec(iov_base: reply(index).baseAddress, iov_len: length)
        var header = unsafe requests[index].msg_hdr
        unsafe header.msg_iov = vectors.baseAddress.map { unsafe $0 + slot }
        unsafe header.msg_flags = 0
        if tellsArrival { unsafe releaseInterface(index, &header) }
        unsafe answers[answerCount] = unsafe mmsghdr(msg_hdr: header, msg_len: 0)
        answerCount += 1
    }

    // MARK: - Where a datagram arrived (ip(7) IP_PKTINFO, RFC 3542 IPV6_PKTINFO)

    /// Length, level and type of a control message, then its data.
    private static let controlHead = 16

    private func arrivalAddress(_ index: Int) -> IPAddress? {
        let control = unsafe control(index)
        let length = Int(unsafe requests[index].msg_hdr.msg_controllen)
        guard length >= Self.controlHead + 12, length <= control.count else { return nil }
        let level = unsafe control.loadUnaligned(fromByteOffset: 8, as: CInt.self)
        let type = unsafe control.loadUnaligned(fromByteOffset: 12, as: CInt.self)
        if level == CInt(IPPROTO_IP), type == IP_PKTINFO {
            // Behind the interface stands the local address, then the one in the packet's head.
            let bits = unsafe control.loadUnaligned(fromByteOffset: Self.controlHead + 4, as: UInt32.self)
            return IPAddress(v4: UInt32(bigEndian: bits))
        }
        guard level == CInt(IPPROTO_IPV6), type == IPV6_PKTINFO, length >= Self.controlHead + 20 else {
            return nil
        }
        return unsafe SocketAddress.v6(UnsafeRawBufferPointer(control), at: Self.controlHead)
    }

    /// Keeps the source address of an answer but leaves its way out to the routing table, except for link-local
    /// addresses, which mean nothing without their interface.
    private func releaseInterface(_ index: Int, _ header: inout msghdr) {
        guard let local = arrivalAddress(index) else {
            unsafe header.msg_control = nil
            unsafe header.msg_controllen = 0
            return
        }
        let (high, _) = local.v6Halves
        guard local.isIPv4 || high >> 54 != 0xfe80 >> 6 else { return }
        let offset = Self.controlHead + (local.isIPv4 ? 0 : 16)
        unsafe control(index).storeBytes(of: 0, toByteOffset: offset, as: UInt32.self)
    }

    // MARK: - The parts of the memory

    private func request(_ index: Int) -> UnsafeMutableRawBufferPointer {
        unsafe part(index, 0, Self.bufferLength)
    }

    private func reply(_ index: Int) -> UnsafeMutableRawBufferPointer {
        unsafe part(index, Self.bufferLength, Self.bufferLength)
    }

    private func name(_ index: Int) -> UnsafeMutableRawBufferPointer {
        unsafe part(index, 2 * Self.bufferLength, SocketAddress.capacity)
    }

    private func control(_ index: Int) -> UnsafeMutableRawBufferPointer {
        unsafe part(index, 2 * Self.bufferLength + 64, Self.controlLength)
    }

    private func part(_ index: Int, _ offset: Int, _ length: Int) -> UnsafeMutableRawBufferPointer {
        let start = index * Self.stride + offset
        return unsafe UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + length])
    }
}
