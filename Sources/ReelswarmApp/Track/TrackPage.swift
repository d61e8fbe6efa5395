/// The page `/stats`: figures of a tracker for people, without script, and without the name of any torrent or peer.
enum TrackPage {
    /// The whole page.
    ///
    /// - Parameter history: announces a second, oldest first; at least two of them make a chart.
    static func html(_ statistics: TrackStatistics, history: [TrafficMeter.Rate]) -> String {
        let facts = [
            ("Torrents", grouped(statistics.torrents)), ("Seeders", grouped(statistics.seeders)),
            ("Leechers", grouped(statistics.leechers)), ("Partial seeds", grouped(statistics.partialSeeds)),
        ]
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="10">
            <title>Tracker</title>
            <style>\(style)</style>
            </head>
            <body>
            <header><h1>Tracker</h1><p>up \(duration(statistics.uptime)) · Reelswarm \(statistics.version)</p></header>
            <main>
            <dl class="tiles">\(facts.map(tile).joined())</dl>
            \(traffic(statistics, history))
            \(swarms(statistics.largestSwarms))
            </main>
            <footer><p>\(grouped(statistics.addresses)) addresses in \(size(statistics.memory)) of memory ·
            a client announces every \(duration(statistics.interval)) · <a href="/stats.json">JSON</a></p></footer>
            </body>
            </html>

            """
    }

    private static func tile(_ name: String, _ value: String) -> String {
        "<div><dt>\(name)</dt><dd>\(value)</dd></div>"
    }

    private static func traffic(_ statistics: TrackStatistics, _ history: [TrafficMeter.Rate]) -> String {
        let row = { (name: String, announces: TrackStatistics.Announces) in
            """
            <tr><th scope="row">\(name)</th><td>\(rate(announces.perSecond))</td><td>\(grouped(announces.answered))</td>\
            <td>\(grouped(announces.refused))</td></tr>
            """
        }
        return """
            <section><h2>Announces</h2>
            <table><thead><tr><th scope="col">over</th><th scope="col">a second</th><th scope="col">answered</th>\
            <th scope="col">refused</th></tr></thead><tbody>
            \(row("UDP", statistics.udp))
            \(row("HTTP", statistics.http))
            </tbody></table>
            \(TrafficChart.svg(history))
            <p>\(grouped(statistics.scrapes)) scrapes answered.</p></section>
            """
    }

    private static func swarms(_ swarms: [TrackStatistics.Swarm]) -> String {
        let size = { (swarm: TrackStatistics.Swarm) in swarm.seeders + swarm.leechers + swarm.partialSeeds }
        guard let most = swarms.first.map(size), most > 0 else {
            return "<section><h2>Largest swarms</h2><p>Nobody has announced yet.</p></section>"
        }
        let bars = swarms.map { swarm in
            let widths = [swarm.seeders, swarm.partialSeeds, swarm.leechers].map { share($0, of: most) }
            return """
                <li><span class="bar"><i class="s" style="width:\(widths[0])%"></i><i class="p" style="width:\(widths[1])%">\
                </i><i class="l" style="width:\(widths[2])%"></i></span> \(grouped(swarm.seeders)) seeders, \
                \(grouped(swarm.leechers)) leechers\
                \(swarm.partialSeeds > 0 ? ", \(grouped(swarm.partialSeeds)) partial seeds" : "")</li>
                """
        }
        return "<section><h2>Largest swarms</h2><ol>\(bars.joined(separator: "\n"))</ol></section>"
    }

    private static func share(_ part: Int, of whole: Int) -> String {
        String(Double(part * 1000 / whole) / 10)
    }

    /// `1234567` as `1 234 567`, with thin spaces that do not break.
    static func grouped(_ number: Int) -> String {
        let digits = String(number)
        return String(
            digits.enumerated().flatMap { index, digit -> [Character] in
                let isStart = index > 0 && (digits.count - index) % 3 == 0
                return isStart ? ["\u{202f}", digit] : [digit]
            })
    }

    /// A rate with one place after the point while that tells something.
    static func rate(_ rate: Double) -> String {
        rate < 100 ? String(Double(Int(rate * 10)) / 10) : grouped(Int(rate))
    }

    /// Seconds in the two greatest units: `3 d 4 h`, `15 min`.
    static func duration(_ seconds: Int) -> String {
        let units = [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)]
        var rest = seconds
        let parts = units.compactMap { name, length -> String? in
            let count = rest / length
            rest %= length
            return count > 0 ? "\(count) \(name)" : nil
        }
        return parts.isEmpty ? "0 s" : parts.prefix(2).joined(separator: " ")
    }

    private static func size(_ bytes: Int) -> String { Output.size(Int64(bytes)) }

    private static let style = """
        :root{color-scheme:light dark;--paper:#f4efe5;--sheet:#fdfbf6;--ink:#211c16;--muted:#695f50;--line:#d9d0be;\
        --s:#2c6b3f;--p:#b98a2f;--l:#96301f}
        @media(prefers-color-scheme:dark){:root{--paper:#14110e;--sheet:#1d1915;--ink:#efe7d9;--muted:#a99e8c;\
        --line:#342d25;--s:#8cc99b;--p:#e0b75f;--l:#f0a25e}}
        *{box-sizing:border-box}body{margin:0 auto;max-width:46rem;padding:2rem 1.2rem;background:var(--paper);\
        color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
        h1,h2{font-family:Georgia,serif;font-weight:600;line-height:1.2;margin:0}h2{font-size:1.2rem;margin-bottom:.6rem}
        header{display:flex;justify-content:space-between;align-items:baseline;flex-wrap:wrap;gap:.3rem 1rem;\
        margin-bottom:1.2rem}header p,footer p,section>p{color:var(--muted);font-size:.9rem;margin:0}
        section,.tiles div{background:var(--sheet);border:1px solid var(--line);border-radius:6px}
        section{padding:1rem 1.2rem;margin:1rem 0}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.8rem;margin:0}
        .tiles div{padding:.8rem 1rem}dt{color:var(--muted);font-size:.85rem}dd{margin:0;font-size:1.7rem;\
        font-variant-numeric:tabular-nums}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        th,td{text-align:right;padding:.25rem 0;font-weight:400}th:first-child{text-align:left}
        thead th{color:var(--muted);font-size:.85rem}tbody tr{border-top:1px solid var(--line)}
        svg{display:block;width:100%;height:auto;margin:.9rem 0 .4rem}
        ol{list-style:none;margin:0;padding:0;display:grid;gap:.45rem;font-size:.9rem;color:var(--muted)}
        .bar{display:flex;height:.7rem;border-radius:3px;overflow:hidden;background:var(--paper)}
        .bar i{display:block}.s{background:var(--s);fill:var(--s)}.p{background:var(--p)}.l{background:var(--l);fill:var(--l)}
        a{color:inherit}
        """
}
