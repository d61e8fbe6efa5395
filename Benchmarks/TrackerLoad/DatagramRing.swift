import CLinux
import Glibc

/// Memory for one batch of datagrams in one direction.
@safe final class DatagramRing {
    static let size = 64
    let slotLength: Int
    private let headers: UnsafeMutableBufferPointer<mmsghdr>
    private let vectors: UnsafeMutableBufferPointer<iovec>
    private let names: UnsafeMutableBufferPointer<sockaddr_in>
    private let memory: UnsafeMutableRawBufferPointer

    /// - Parameter keepsNames: whether sources are wanted, and answered to.
    init(slotLength: Int, keepsNames: Bool = false) {
        self.slotLength = slotLength
        unsafe headers = .allocate(capacity: Self.size)
        unsafe vectors = .allocate(capacity: Self.size)
        unsafe names = .allocate(capacity: Self.size)
        unsafe memory = .allocate(byteCount: Self.size * slotLength, alignment: 64)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
        unsafe names.initialize(repeating: sockaddr_in())
        unsafe vectors.initialize(repeating: iovec())
        unsafe headers.initialize(repeating: mmsghdr())
        for index in 0..<Self.size {
            unsafe vectors[index] = unsafe iovec(iov_base: slot(index).baseAddress, iov_len: slotLength)
            unsafe headers[index].msg_hdr.msg_iov = vectors.baseAddress.map { unsafe $0 + index }
            unsafe headers[index].msg_hdr.msg_iovlen = 1
            guard keepsNames else { continue }
            unsafe headers[index].msg_hdr.msg_name = names.baseAddress.map {
                unsafe UnsafeMutableRawPointer($0 + index)
            }
            unsafe headers[index].msg_hdr.msg_namelen = socklen_t(MemoryLayout<sockaddr_in>.size)
        }
    }

    deinit {
        unsafe headers.deallocate()
        unsafe vectors.deallocate()
        unsafe names.deallocate()
        unsafe memory.deallocate()
    }

    /// The bytes of one datagram.
    func slot(_ index: Int) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: memory[index * slotLength..<(index + 1) * slotLength])
    }

    /// How many bytes of a datagram were received.
    func length(_ index: Int) -> Int { unsafe Int(headers[index].msg_len) }

    func setLength(_ index: Int, _ length: Int) { unsafe vectors[index].iov_len = length }

    /// Answers go where the datagrams of another ring came from.
    func takeName(_ index: Int, from other: DatagramRing, at place: Int) {
        unsafe names[index] = unsafe other.names[place]
    }

    func receive(_ descriptor: CInt, flags: CInt) -> Int {
        Int(unsafe linux_recvmmsg(descriptor, headers.baseAddress, UInt32(Self.size), flags))
    }

    /// How many of the first `count` were sent.
    func send(_ descriptor: CInt, count: Int) -> Int {
        max(0, Int(unsafe linux_sendmmsg(descriptor, headers.baseAddress, UInt32(count), 0)))
    }
}
