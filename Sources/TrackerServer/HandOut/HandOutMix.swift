/// Of what the `mixed` rule's answers are made, in per cent; what is left is random.
package struct HandOutMix: Hashable, Sendable {
    /// Peers that upload most.
    package let uploaders: Int
    /// Peers that were not handed out for longest.
    package let rested: Int

    /// Shares are clamped to 0...100, the second to what the first leaves.
    package init(uploaders: Int, rested: Int) {
        self.uploaders = min(max(uploaders, 0), 100)
        self.rested = min(max(rested, 0), 100 - self.uploaders)
    }

    /// What did best in the swarm simulation.
    package static let standard = HandOutMix(uploaders: 60, rested: 20)

    func uploaders(of wanted: Int) -> Int { (wanted * uploaders + 50) / 100 }

    func rested(of wanted: Int) -> Int {
        min(wanted - uploaders(of: wanted), (wanted * rested + 50) / 100)
    }
}
