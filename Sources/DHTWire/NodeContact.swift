public import ByteCoding

/// A node of the DHT: its id and where it is reached over UDP.
public struct NodeContact: Hashable, Sendable {
    /// Its id.
    public let id: NodeID
    /// Its address and UDP port.
    public let endpoint: Endpoint

    /// A node by its two parts.
    public init(id: NodeID, endpoint: Endpoint) {
        self.id = id
        self.endpoint = endpoint
    }

    /// Whether the id is one the address may have (BEP 42).
    public var isValid: Bool { id.isValid(at: endpoint.address) }

    /// Appends the 26 (BEP 5) or 38 (BEP 32) bytes of a compact list.
    public func append(compactTo out: inout [UInt8]) {
        id.append(to: &out)
        endpoint.append(compactTo: &out)
    }

    /// Every whole node in a compact list; leftover bytes at its end are ignored. At most `limit` are read.
    public static func list(compact bytes: some Collection<UInt8>, isIPv4: Bool, limit: Int) -> [NodeContact] {
        let size = byteCount(isIPv4: isIPv4)
        var contacts: [NodeContact] = []
        var rest = bytes[...]
        while rest.count >= size, contacts.count < limit {
            let entry = rest.prefix(size)
            if let id = NodeID(bytes: entry.prefix(NodeID.byteCount)),
                let endpoint = Endpoint(compact: entry.dropFirst(NodeID.byteCount))
            {
                contacts.append(NodeContact(id: id, endpoint: endpoint))
            }
            rest = rest.dropFirst(size)
        }
        return contacts
    }

    /// How long a node is in a compact list: 26 or 38 bytes.
    public static func byteCount(isIPv4: Bool) -> Int { NodeID.byteCount + (isIPv4 ? 6 : 18) }
}
