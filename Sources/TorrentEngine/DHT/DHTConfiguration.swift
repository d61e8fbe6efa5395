public import Dialling
public import Metainfo

/// How a node of the DHT listens, whom it asks first and what it allows strangers.
public struct DHTConfiguration: Sendable {
    /// IP literals to listen at, each with a socket of its own; IPv6 sockets take IPv6 only.
    public var hosts: [String]
    /// UDP port of all hosts, as a rule the number of the peer port; 0 picks one that is free on all of them.
    public var port: Int
    /// Nodes to begin with, named by the operator: asked whatever their address is.
    public var bootstrap: [NodeAddress]
    /// Where nodes are kept between two runs; nil for nowhere.
    public var stateFile: String?
    /// Which nodes may be asked and which peers are handed on, by the address of whoever names them.
    public var rules: DialRules
    /// True for a node that asks only: it answers nobody and is kept by nobody (BEP 43).
    public var isReadOnly: Bool
    /// Every number that bounds what strangers can make the node do.
    public var limits: DHTLimits

    /// A configuration by its parts; the defaults are those of a node on the Internet.
    public init(
        hosts: [String] = ["0.0.0.0", "::"], port: Int = 6881, bootstrap: [NodeAddress] = [],
        stateFile: String? = nil, rules: DialRules = .peers, isReadOnly: Bool = false, limits: DHTLimits = DHTLimits()
    ) {
        self.hosts = hosts
        self.port = port
        self.bootstrap = bootstrap
        self.stateFile = stateFile
        self.rules = rules
        self.isReadOnly = isReadOnly
        self.limits = limits
    }
}
