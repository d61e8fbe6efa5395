import Catalog

/// A clip that is sent while it is made. Dropped unsent, it ends what only it needs.
public final class CutStream: Sendable {
    /// Seconds of the film at which the first picture (of a sound: packet) lies.
    public let actualStart: Double
    /// Whether players begin at the asked start all the same, because the file tells them to.
    public let beginsAsAsked: Bool
    private let flow: any ByteFlow
    private let asker: CutAsker
    private let room: CuttingRoom
    private let watch: FilmWatch

    init(_ opening: CutOpening, _ flow: any ByteFlow, for asker: CutAsker, in room: CuttingRoom, _ watch: FilmWatch) {
        actualStart = opening.actualStart
        beginsAsAsked = opening.beginsAsAsked
        self.flow = flow
        self.asker = asker
        self.room = room
        self.watch = watch
    }

    deinit {
        let (room, asker) = (room, asker)
        Task { await room.leave(asker) }
    }

    /// Hands over the clip's bytes in order, in parts of at most 256 KiB; `write` is back-pressured. Once only.
    ///
    /// Throws what `write` throws, `CancellationError`, and ``PublishingError`` where the cut fails or its film is
    /// taken down or deleted meanwhile: what was sent is then not whole.
    public func send(_ write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws {
        let (flow, room, asker) = (flow, room, asker)
        try await watch.whilePublished(asker.video, ended: { await room.leave(asker) }) {
            var offset: Int64 = 0
            while let bytes = try await flow.bytes(at: offset) {
                try await write(bytes)
                try Task.checkCancellation()
                offset += Int64(bytes.count)
            }
        }
        await room.leave(asker)
    }
}
