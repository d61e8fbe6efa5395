/// How many candidates are looked at for one answer, however large the swarm is.
enum HandOutWindow {
    /// The most for any answer.
    static let largest = 512

    /// A ranking of the whole swarm, up to the largest window, is what `uploaders` is for. Twice as many as are wanted are
    /// enough for a mix, and keep the load apart: nobody is handed out more than about twice as often as at random.
    static func size(_ rule: HandOutRule, wanted: Int) -> Int {
        switch rule {
        case .random: min(wanted, largest)
        case .uploaders: largest
        case .mixed: min(2 * wanted + 4, largest)
        }
    }
}
