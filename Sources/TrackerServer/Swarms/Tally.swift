/// The clients of a swarm by kind, each counted once.
struct Tally: Equatable, Sendable {
    private(set) var seeders: Int32 = 0
    private(set) var leechers: Int32 = 0
    private(set) var partialSeeds: Int32 = 0

    mutating func add(_ marks: PeerMarks) { change(marks, by: 1) }

    mutating func subtract(_ marks: PeerMarks) { change(marks, by: -1) }

    private mutating func change(_ marks: PeerMarks, by amount: Int32) {
        if marks.contains(.seeder) {
            seeders += amount
        } else if marks.contains(.partialSeed) {
            partialSeeds += amount
        } else {
            leechers += amount
        }
    }
}
