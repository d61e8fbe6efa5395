import Foundation

guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
    FileHandle.standardError.write(Data((Options.usage + "\n").utf8))
    exit(2)
}
if options.measuresCost {
    Cost.printTable()
    exit(0)
}
if !options.isJSON { print(Row.heading) }
for scenario in Scenario.all where options.word.map(scenario.name.contains) ?? true {
    let uniform = await outcomes(scenario, .uniform, options)
    report(scenario, .uniform, uniform, beside: uniform)
    for contender in Contender.rules(options.mixes) {
        report(scenario, contender, await outcomes(scenario, contender, options), beside: uniform)
    }
}

func report(_ scenario: Scenario, _ contender: Contender, _ outcomes: [Outcome], beside uniform: [Outcome]) {
    let row = Row(swarm: scenario.name, rule: contender.name, outcomes: outcomes, uniform: uniform)
    print(options.isJSON ? row.json : row.markdown)
}

/// The outcomes of every seed, in order; as many runs at once as the machine has cores.
func outcomes(_ scenario: Scenario, _ contender: Contender, _ options: Options) async -> [Outcome] {
    let wanted = options.wanted
    return await withTaskGroup(of: (Int, Outcome).self) { group in
        for seed in 0..<options.seeds {
            group.addTask { @concurrent in
                var swarm = SimulatedSwarm(scenario, contender, wanted: wanted, seed: UInt64(seed + 1))
                swarm.run()
                return (seed, swarm.outcome)
            }
        }
        var bySeed = [Outcome](repeating: Outcome(), count: options.seeds)
        for await (seed, outcome) in group { bySeed[seed] = outcome }
        return bySeed
    }
}
