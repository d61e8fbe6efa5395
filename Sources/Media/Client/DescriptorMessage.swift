import Glibc

/// Words and two open descriptors in one message on a local socket (unix(7), `SCM_RIGHTS`): how a worker that waits is
/// told what to do.
public enum DescriptorMessage {
    private static let mostBytes = 4096

    /// A `cmsghdr` (cmsg(3)) of 64-bit Linux and what follows it.
    private struct Control {
        var length = MemoryLayout<Control>.size
        var level = SOL_SOCKET
        var type = CInt(SCM_RIGHTS)
        var first: CInt = -1
        var second: CInt = -1
    }

    /// Sends copies of both descriptors. False when the other side is gone, or the words are too long.
    static func send(_ words: [String], _ first: CInt, _ second: CInt, on socket: CInt) -> Bool {
        var bytes = Array(words.joined(separator: "\0").utf8)
        guard !bytes.isEmpty, bytes.count <= mostBytes else { return false }
        var control = Control(first: first, second: second)
        let sent = unsafe message(&bytes, &control) { unsafe sendmsg(socket, &$0, CInt(MSG_NOSIGNAL)) }
        return sent == bytes.count
    }

    /// Waits for a message. Nil when the other side is gone, or has sent something else.
    public static func receive(on socket: CInt) -> (words: [String], first: CInt, second: CInt)? {
        var bytes = [UInt8](repeating: 0, count: mostBytes)
        var control = Control(length: 0)
        let count = unsafe message(&bytes, &control) { unsafe recvmsg(socket, &$0, 0) }
        guard count > 0, control.length == MemoryLayout<Control>.size, control.level == SOL_SOCKET,
            control.type == CInt(SCM_RIGHTS)
        else { return nil }
        let words = bytes[..<count].split(separator: 0, omittingEmptySubsequences: false)
        return (words.map { String(decoding: $0, as: UTF8.self) }, control.first, control.second)
    }

    /// What `body` returns of a message of both.
    private static func message(
        _ bytes: inout [UInt8], _ control: inout Control, _ body: (inout msghdr) -> Int
    ) -> Int {
        unsafe bytes.withUnsafeMutableBytes { bytes in
            unsafe withUnsafeMutableBytes(of: &control) { control in
                var part = unsafe iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                return unsafe withUnsafeMutablePointer(to: &part) { part in
                    var message = unsafe msghdr()
                    unsafe message.msg_iov = part
                    unsafe message.msg_iovlen = 1
                    unsafe message.msg_control = control.baseAddress
                    unsafe message.msg_controllen = control.count
                    return unsafe body(&message)
                }
            }
        }
    }
}
