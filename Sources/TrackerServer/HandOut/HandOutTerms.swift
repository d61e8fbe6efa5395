/// What holds for one hand-out beside the asker.
struct HandOutTerms: Sendable {
    let rule: HandOutRule
    /// No claimed upload of the swarm counts for more than this; a `CoarseCount` code.
    let ceiling: UInt16
    /// Seconds, by the tracker's clock.
    let now: UInt32
}
