import TrackerServer

/// What the command line says.
struct Options {
    static let usage = """
        usage: swarm-simulation [--quick] [--json] [--seeds N] [--wanted N]
                                [--swarm WORD] [--mix UPLOADERS,RESTED]...
               swarm-simulation --cost

        Mean completion times under each hand-out rule in three swarms, as a Markdown table.
          --quick     two seeds instead of twelve
          --json      one JSON object a row instead of the table
          --seeds     how many seeds, 1 to 1000
          --wanted    peers in an answer, 1 to 80 (50)
          --cost      nanoseconds of an announce under each rule instead
          --swarm     only the swarms whose name has that word
          --mix       shares of the mixed rule, in per cent; once more for each mix to be compared
        """

    var seeds = 12
    var measuresCost = false
    var wanted = 50
    /// Empty: the one the tracker uses.
    var mixes: [HandOutMix] = []
    var word: String?
    var isJSON = false

    /// Nil when they make no sense.
    init?(_ arguments: [String]) {
        var arguments = arguments[...]
        while let argument = arguments.popFirst() {
            switch argument {
            case "--quick": seeds = 2
            case "--json": isJSON = true
            case "--cost": measuresCost = true
            case "--seeds":
                guard let number = arguments.popFirst().flatMap({ Int($0) }), 1...1000 ~= number else { return nil }
                seeds = number
            case "--wanted":
                guard let number = arguments.popFirst().flatMap({ Int($0) }), 1...80 ~= number else { return nil }
                wanted = number
            case "--swarm":
                guard let next = arguments.popFirst() else { return nil }
                word = next
            case "--mix":
                let shares = (arguments.popFirst() ?? "").split(separator: ",").compactMap { Int($0) }
                guard shares.count == 2 else { return nil }
                mixes.append(HandOutMix(uploaders: shares[0], rested: shares[1]))
            default: return nil
            }
        }
    }
}
