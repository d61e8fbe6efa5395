import ClipIndex

/// `clip-plan [ROUNDS]`: what planning a clip of a three-hour film costs, in microseconds a plan, and what thinning its
/// index for a torrent costs. One line a case: streams, access, clip, microseconds.
let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1000
let repetitions = min(max(rounds, 1), 1_000_000)

let clock = ContinuousClock()
print("streams\taccess\tcase\tmicroseconds")
for streams in [2, 8, 32] {
    for access in [FilmAccess.tables, .stream] {
        let film = LongFilm.index(seconds: 10_800, streams: streams, access: access)
        for (name, start, end) in [("38 s", 5_062.0, 5_100.0), ("whole", 0.0, 10_800.0)] {
            guard let clip = ClipInterval(start: start, end: end) else { continue }
            var bytes: UInt64 = 0
            let time = try clock.measure {
                for _ in 0..<repetitions { bytes &+= try film.plan(clip).byteCount }
            }
            guard bytes > 0 else { continue }
            report(streams, access, name, time, repetitions)
        }
        guard access == .tables else { continue }
        let encoded = film.encoded()
        report(streams, access, "thin to 256 KiB", clock.measure { _ = film.thinned(toBytes: 262_144) }, 1)
        report(
            streams, access, "decode \(encoded.count) bytes",
            try clock.measure { _ = try FilmIndex(decoding: encoded) }, 1)
    }
}

func report(_ streams: Int, _ access: FilmAccess, _ name: String, _ time: Duration, _ rounds: Int) {
    let microseconds = time / .microseconds(1) / Double(rounds)
    print("\(streams)\t\(access)\t\(name)\t\(Double(Int(microseconds * 100 + 0.5)) / 100)")
}
