/// What flows in one step: every sender's rate is shared by those it serves, no receiver takes more than its line
/// carries, and what one cannot take goes to the others.
extension SimulatedSwarm {
    mutating func transfer() {
        for peer in present { peers[peer].room = peers[peer].capacity.down * Self.step }
        // Not always the same first: the first fill the receivers' lines.
        present.shuffle(using: &random)
        for peer in present where peers[peer].capacity.up > 0 { offer(peer) }
    }

    private mutating func offer(_ peer: Int) {
        var left = peers[peer].capacity.up * Self.step
        var active = peers[peer].links.filter { links[$0][from: peer].isOpen }
        // Twice more for what the first ones could not take.
        for _ in 0..<3 {
            guard left > 1, !active.isEmpty else { return }
            let share = left / Double(active.count)
            var able: [Int] = []
            for link in active {
                let sent = send(share, over: link, from: peer)
                left -= sent
                if sent >= share { able.append(link) }
            }
            active = able
        }
    }

    /// Returns the bytes that were sent.
    private mutating func send(_ bytes: Double, over link: Int, from sender: Int) -> Double {
        let receiver = links[link].other(than: sender)
        let whole = min(bytes, peers[receiver].room)
        var left = whole
        while left > 0, let piece = piece(of: link, from: sender, to: receiver) {
            let part = min(left, Scenario.pieceLength - peers[receiver].progress[piece])
            peers[receiver].progress[piece] += part
            left -= part
            if peers[receiver].progress[piece] >= Scenario.pieceLength { obtain(piece, receiver) }
        }
        let sent = whole - left
        peers[receiver].room -= sent
        peers[sender].uploaded += sent
        links[link][from: sender].recent += sent
        return sent
    }

    private mutating func piece(of link: Int, from sender: Int, to receiver: Int) -> Int? {
        let current = links[link][from: sender].piece
        if current >= 0, !peers[receiver].has.contains(current) { return current }
        // The last piece may have ended this connection.
        guard links[link][from: sender].isOpen, !peers[receiver].isSeeder else { return nil }
        release(current, of: receiver)
        let next = peers[receiver].pick(peers[sender].has, &random)
        if let next { peers[receiver].fetching[next] += 1 }
        links[link][from: sender].piece = next ?? -1
        return next
    }

    private mutating func obtain(_ piece: Int, _ peer: Int) {
        peers[peer].has.insert(piece)
        for link in peers[peer].links { peers[links[link].other(than: peer)].availability[piece] += 1 }
        if peers[peer].isSeeder { completed(peer) }
    }
}
