/// Whom a peer serves, decided every ten seconds.
extension SimulatedSwarm {
    private static let luckyTime = 30.0

    /// A link whose other end wants something, and how it is preferred.
    private struct Choice {
        let link: Int
        let preference: Double
    }

    /// Those that gave most lately, and one by luck, changed every 30 s; one that has everything serves all in turn.
    mutating func choke(_ peer: Int) {
        guard peers[peer].capacity.up > 0, !peers[peer].links.isEmpty else { return }
        let isSeeder = peers[peer].isSeeder
        var choices: [Choice] = []
        for link in peers[peer].links {
            let other = links[link].other(than: peer)
            links[link][from: other].recent *= 0.8
            guard !peers[peer].has.subtracting(peers[other].has).isEmpty else { continue }
            let preference = isSeeder ? turn(links[link][from: peer]) : links[link][from: other].recent
            choices.append(Choice(link: link, preference: preference))
        }
        choices.shuffle(using: &random)
        choices.sort { $0.preference > $1.preference }
        let slots = peers[peer].uploadSlots
        if !isSeeder { moveLuckyLinkForward(&choices, slots: slots, of: peer) }
        serve(choices.prefix(slots), peer)
    }

    /// Those just begun stay, then come those that waited longest.
    private func turn(_ flow: Link.Flow) -> Double {
        flow.isOpen && time - flow.changed < Self.luckyTime ? .infinity : -flow.changed
    }

    private mutating func moveLuckyLinkForward(_ choices: inout [Choice], slots: Int, of peer: Int) {
        guard choices.count > slots, slots > 1 else { return }
        if peers[peer].luckyLink < 0 || time - peers[peer].luckySince >= Self.luckyTime {
            peers[peer].luckyLink = choices[slots - 1 + random.below(choices.count - slots + 1)].link
            peers[peer].luckySince = time
        }
        let lucky = peers[peer].luckyLink
        guard let place = choices.firstIndex(where: { $0.link == lucky }), place >= slots else { return }
        choices.swapAt(slots - 1, place)
    }

    private mutating func serve(_ choices: ArraySlice<Choice>, _ peer: Int) {
        for link in peers[peer].links {
            let flow = links[link][from: peer]
            let isChosen = choices.contains { $0.link == link }
            guard flow.isOpen != isChosen else { continue }
            if flow.isOpen { release(flow.piece, of: links[link].other(than: peer)) }
            links[link][from: peer].piece = -1
            links[link][from: peer].isOpen = isChosen
            links[link][from: peer].changed = time
        }
    }
}
