import ByteCoding
import HTTPWire

/// Addresses of peers on admin pages: shortened, unless the admin asks to see them whole.
struct AddressWords {
    /// Whether they are shown whole.
    let isWhole: Bool

    /// What the query asks for: `addresses=whole`.
    init(_ query: FormFields) { isWhole = query.first("addresses") == "whole" }

    /// Addresses shown whole or not.
    init(isWhole: Bool) { self.isWhole = isWhole }

    /// `198.51.…` or `2001:db8:…`: enough to tell networks apart, not to find a person. This machine's own loopback
    /// names nobody, and is shown whole with the port.
    func words(_ endpoint: Endpoint) -> String {
        let address = endpoint.address
        guard !isWhole, address.scope != .loopback else { return endpoint.description }
        let bytes = address.bytes
        if address.isIPv4 { return bytes.prefix(2).map { "\($0)." }.joined() + "…" }
        let groups = stride(from: 0, to: 4, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16) + ":"
        }
        return groups.joined() + "…"
    }
}
