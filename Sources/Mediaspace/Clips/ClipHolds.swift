import Foundation

/// What the clips that this process fetches want of each torrent, besides what is wanted of it otherwise.
actor ClipHolds {
    private struct Held {
        /// What this process wants without clips; nil for nothing.
        var base: Hold?
        /// What clips want where there is nothing else.
        let template: Hold
        /// Bytes of clips that are done and go on being shared.
        var kept: [ByteSpan] = []
        var wishes: [UUID: Wish] = [:]

        /// Takes up what was said of the torrent besides: only what is said here has clips in it.
        mutating func take(_ now: Hold?) {
            if now?.hasClips != true { base = now }
        }

        var merged: Hold {
            var hold = base ?? template
            hold.peers += template.peers.filter { !hold.peers.contains($0) }
            hold.limits = RateLimit(
                down: template.limits.down ?? hold.limits.down, up: template.limits.up ?? hold.limits.up)
            hold.shares = hold.shares || template.shares
            hold.clips = ByteSpan.joined(kept + wishes.values.flatMap(\.spans))
            hold.isGrowing = wishes.values.contains(where: \.isGrowing)
            hold.hasClips = true
            return hold
        }
    }

    private struct Wish {
        var spans: [ByteSpan]
        var isGrowing: Bool
    }

    private let member: SpaceMember
    private var held: [MediaID: Held] = [:]
    private var last: Task<Void, Never>?

    init(_ member: SpaceMember) { self.member = member }

    /// Begins with a clip, or changes what it wants.
    ///
    /// - Parameters:
    ///   - template: what is said of the torrent where this process holds it not yet.
    ///   - isGrowing: whether more will be wanted soon.
    func want(
        _ spans: [ByteSpan], isGrowing: Bool, for clip: UUID, _ template: Hold
    ) async throws(SpaceError) {
        let wish = Wish(spans: spans, isGrowing: isGrowing)
        if let error = await inTurn({ [self] in await take(wish, of: clip, template) }) { throw error }
    }

    /// A clip is done or given up; what it has goes on being shared when `kept` says so.
    func end(_ clip: UUID, of id: MediaID, keeping kept: [ByteSpan]?) async {
        _ = await inTurn { [self] in
            await drop(clip, of: id, keeping: kept)
            return nil
        }
    }

    /// One change after the other, also those of who is cancelled: an actor lets others in whenever it waits.
    private func inTurn(_ body: @escaping @Sendable () async -> SpaceError?) async -> SpaceError? {
        let before = last
        let turn = Task {
            await before?.value
            return await body()
        }
        last = Task { _ = await turn.value }
        return await turn.value
    }

    private func take(_ wish: Wish, of clip: UUID, _ template: Hold) async -> SpaceError? {
        let id = template.id
        let now = await member.hold(of: id)
        var held = self.held[id] ?? Held(template: template)
        held.take(now)
        held.wishes[clip] = wish
        self.held[id] = held
        do throws(SpaceError) {
            try await member.perform(.hold(held.merged))
            return nil
        } catch {
            return error
        }
    }

    private func drop(_ clip: UUID, of id: MediaID, keeping kept: [ByteSpan]?) async {
        let now = await member.hold(of: id)
        guard var held = held[id], held.wishes.removeValue(forKey: clip) != nil else { return }
        held.take(now)
        if let kept { held.kept = ByteSpan.joined(held.kept + kept) }
        let isOver = held.wishes.isEmpty && held.kept.isEmpty
        self.held[id] = isOver ? nil : held
        if let hold = isOver ? held.base : held.merged {
            _ = try? await member.perform(.hold(hold))
        } else {
            _ = try? await member.perform(.release(id, isLasting: false))
        }
    }
}
