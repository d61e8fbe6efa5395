import ByteCoding
import HTTPTypes
import HTTPWire

/// What trusted proxies say of a request.
struct ForwardedHeaders {
    let client: IPAddress?
    let isSecure: Bool?
    let authority: Authority?

    /// Reads X-Forwarded-For, -Proto and -Host of a request that came from a trusted proxy. The client is the last
    /// address that is not itself a trusted proxy: those before it are whatever the client claims.
    init(_ fields: HTTPFields, isTrusted: (IPAddress) -> Bool) throws(RequestError) {
        var client: IPAddress?
        for element in Self.elements(fields, "x-forwarded-for").reversed() {
            guard let address = Self.address(element) else { break }
            client = address
            if !isTrusted(address) { break }
        }
        self.client = client
        isSecure = Self.elements(fields, "x-forwarded-proto").last.map { $0.lowercased() == "https" }
        guard let host = Self.elements(fields, "x-forwarded-host").last else {
            authority = nil
            return
        }
        authority = try Authority(Array(host.utf8))
    }

    private static func elements(_ fields: HTTPFields, _ name: String) -> [String] {
        guard let name = HTTPField.Name(name), fields.contains(name) else { return [] }
        let list = fields[values: name].joined(separator: ",")
        return list.split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } }.filter { !$0.isEmpty }
    }

    /// An address, perhaps with a port.
    private static func address(_ element: String) -> IPAddress? {
        IPAddress(element) ?? Endpoint(element)?.address
            ?? (element.hasPrefix("[") && element.hasSuffix("]")
                ? IPAddress(String(element.dropFirst().dropLast())) : nil)
    }
}
