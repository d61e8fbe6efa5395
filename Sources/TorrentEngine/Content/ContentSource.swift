/// Where the bytes of a torrent come from. The product's cache implements it; tests and the command line use files.
public protocol ContentSource: Sendable {
    /// Opens the content, or makes it again first when it has vanished. It may take long: peers wait meanwhile.
    ///
    /// The file must hold exactly the torrent's bytes; a file of another size is refused by the engine.
    func open() async throws -> ContentFile

    /// Gives up what `open` handed out because a read from it failed: the next `open` should make it again.
    func discard() async
}

extension ContentSource {
    /// Nothing to give up: the file is the only copy.
    public func discard() async {}
}
