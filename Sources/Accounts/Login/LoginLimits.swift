/// How many wrong passwords are allowed, and how fast new tries come back.
public struct LoginLimits: Sendable {
    /// A token bucket: `capacity` tries at once, then one every `refillSeconds`.
    public struct Bucket: Sendable {
        /// Tries at once, at least 1.
        public var capacity: Double
        /// Seconds until one more try.
        public var refillSeconds: Double

        /// Makes a bucket.
        public init(capacity: Double, refillSeconds: Double) {
            self.capacity = capacity
            self.refillSeconds = refillSeconds
        }
    }

    /// For one account from one address.
    public var accountAndAddress: Bucket
    /// For one address, whatever the account.
    public var address: Bucket
    /// Keys remembered per table; bounds memory.
    public var maximumKeys: Int

    /// Ten tries per account and address, then one a minute; fifty per address, then one every six seconds.
    public init(
        accountAndAddress: Bucket = Bucket(capacity: 10, refillSeconds: 60),
        address: Bucket = Bucket(capacity: 50, refillSeconds: 6), maximumKeys: Int = 50_000
    ) {
        self.accountAndAddress = accountAndAddress
        self.address = address
        self.maximumKeys = maximumKeys
    }
}
