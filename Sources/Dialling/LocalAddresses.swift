public import ByteCoding
import NIOCore

/// The addresses of this machine, as far as its interfaces tell.
public enum LocalAddresses {
    /// The address of every interface, loopback included; empty when the system does not say.
    public static func current() -> Set<IPAddress> {
        guard let devices = try? System.enumerateDevices() else { return [] }
        return Set(devices.compactMap { $0.address?.withPort(0)?.endpoint?.address })
    }
}

extension SocketAddress {
    /// Interface addresses come without a port, which `endpoint` needs.
    fileprivate func withPort(_ port: Int) -> SocketAddress? {
        var copy = self
        copy.port = port
        return copy
    }
}
