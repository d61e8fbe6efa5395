extension Database {
    /// The payloads sent to a channel from now on. An empty one also comes after a lost connection was made again,
    /// since notifications may have been missed: whoever follows a channel reads the state anew then. The newest 64 are
    /// kept for a slow reader. Ends with its reader.
    public func listen(_ channel: SQLIdentifier) -> AsyncStream<String> {
        let configuration = configuration
        return AsyncStream(bufferingPolicy: .bufferingNewest(64)) { continuation in
            let listener = Listener(configuration: configuration, channel: channel) { continuation.yield($0) }
            continuation.onTermination = { _ in listener.stop() }
            listener.start()
        }
    }
}
