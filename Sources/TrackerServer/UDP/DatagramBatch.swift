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
    private static let bufferLength = 2048
    private static let controlLength = 64

    private let requests: UnsafeMutableBufferPointer<mmsghdr>
    private let answers: UnsafeMutableBufferPointer<mmsghdr>
    private let vectors: UnsafeMutableBufferPointer<iovec>
    private let memory: UnsafeMutableRawBufferPointer
    private var answerCount = 0

    /// Per datagram: request buffer, answer buffer, source address, control message.
    private static let stride = 2 * bufferLength + 64 + controlLength

    init() {
        unsafe requests = .allocate(capacity: Self.size)
        unsafe answers = .allocate(capacity: Self.size)
        unsafe vectors = .allocate(capacity: 2 * Self.size)
        unsafe memory = .allocate(byteCount: Self.size * Self.stride, alignment: 64)
        unsafe requests.initialize(repeating: mmsghdr())
        unsafe answers.initialize(repeating: mmsghdr())
        unsafe vectors.initialize(repeating: iovec())
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        unsafe requests.deallocate()
        unsafe answers.deallocate()
        unsafe vectors.deallocate()
        unsafe memory.deallocate()
    }

    /// Takes what waits at the socket; 0 when nothing does, -1 with `errno` when receiving failed.
    func receive(from descriptor: CInt) -> Int {
        answerCount = 0
        for index in 0..<Self.size { prepare(index) }
        return Int(unsafe linux_recvmmsg(descriptor, requests.baseAddress, UInt32(Self.size), 0))
    }

    /// Answers one datagram of the batch.
    func answer(_ index: Int, with exchange: inout UDPExchange, boundTo bound: IPAddress, now: UInt32) {
        let header = unsafe requests[index]
        // A cut datagram is longer than any request.
        guard unsafe header.msg_hdr.msg_flags & CInt(MSG_TRUNC) == 0 else { return }
        let nameLength = Int(unsafe header.msg_hdr.msg_namelen)
        guard let source = unsafe SocketAddress.endpoint(UnsafeRawBufferPointer(rebasing: name(index)[..<nameLength]))
        else { return }
        let local = arrivalAddress(index) ?? bound
        let requestBytes = unsafe UnsafeRawBufferPointer(rebasing: request(index)[..<Int(header.msg_len)])
        let packet = unsafe RawSpan(_unsafeBytes: requestBytes)
        var out = unsafe MutableRawSpan(_unsafeBytes: reply(index))
        let length = exchange.answer(packet, from: source.address, at: local, now: now, into: &out)
        if length > 0 { queue(index, length: length) }
    }

    /// Sends the answers. What the socket does not take at once is lost, as datagrams may be.
    func send(to descriptor: CInt) {
        var first = 0
        while first < answerCount {
            let rest = unsafe answers.baseAddress.map { unsafe $0 + first }
            let sent = Int(unsafe linux_sendmmsg(descriptor, rest, UInt32(answerCount - first), 0))
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

    private func prepare(_ index: Int) {
        unsafe vectors[index] = unsafe iovec(iov_base: request(index).baseAddress, iov_len: Self.bufferLength)
        var header = unsafe msghdr()
        unsafe header.msg_name = name(index).baseAddress
        unsafe header.msg_namelen = socklen_t(name(index).count)
        unsafe header.msg_iov = vectors.baseAddress.map { unsafe $0 + index }
        unsafe header.msg_iovlen = 1
        unsafe header.msg_control = control(index).baseAddress
        unsafe header.msg_controllen = Self.controlLength
        unsafe requests[index] = unsafe mmsghdr(msg_hdr: header, msg_len: 0)
    }

    private func queue(_ index: Int, length: Int) {
        let slot = Self.size + answerCount
        unsafe vectors[slot] = unsafe iovec(iov_base: reply(index).baseAddress, iov_len: length)
        var header = unsafe requests[index].msg_hdr
        unsafe header.msg_iov = vectors.baseAddress.map { unsafe $0 + slot }
        unsafe header.msg_flags = 0
        unsafe releaseInterface(index, &header)
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
