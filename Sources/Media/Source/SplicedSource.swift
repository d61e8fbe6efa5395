public import ClipIndex

/// The header ranges and the media of a plan as one short film, which is read in one go.
///
/// Of a film whose packets are found by tables it is the film itself, at its own offsets.
public struct SplicedSource: MediaByteSource {
    /// Length in bytes: of the short film.
    public let size: UInt64
    /// Each part of the film with where it begins in the short one.
    private let parts: [(start: UInt64, range: Range<UInt64>)]
    private let film: any MediaByteSource

    /// What `plan` needs of `film`, whose index says `access`.
    public init(_ plan: ClipPlan, _ access: FilmAccess, over film: any MediaByteSource) {
        self.film = film
        guard access != .tables else {
            (size, parts) = (film.size, [(0, 0..<film.size)])
            return
        }
        var position: UInt64 = 0
        var parts: [(start: UInt64, range: Range<UInt64>)] = []
        for range in plan.headersOfSplice + plan.mediaOfSplice {
            let inside = range.clamped(to: 0..<film.size)
            guard !inside.isEmpty else { continue }
            parts.append((position, inside))
            position += inside.upperBound - inside.lowerBound
        }
        (size, self.parts) = (position, parts)
    }

    /// Bytes of the part that holds `offset`; `unreadable` outside of all parts.
    public func bytes(at offset: UInt64, upTo count: Int) async throws -> [UInt8] {
        guard let part = parts.last(where: { $0.start <= offset }), offset < size else {
            throw MediaError(.unreadable, detail: "outside the plan")
        }
        let place = part.range.lowerBound + (offset - part.start)
        let most = Int(clamping: min(UInt64(clamping: count), part.range.upperBound - place))
        return try await film.bytes(at: place, upTo: most)
    }
}

extension ClipPlan {
    /// Headers up to where the media begins: those behind it are for readers that jump.
    var headersOfSplice: [Range<UInt64>] {
        guard let low = mediaRanges.first?.lowerBound else { return headerRanges }
        return headerRanges.map { $0.clamped(to: 0..<low) }.filter { !$0.isEmpty }
    }

    /// The media in one piece.
    var mediaOfSplice: [Range<UInt64>] {
        guard let low = mediaRanges.first?.lowerBound, let high = mediaRanges.last?.upperBound else { return [] }
        return [low..<max(low, high)]
    }
}
