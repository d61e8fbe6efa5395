/// The places for cuts at work: each kind has its own, so that none waits for another.
struct CutPlaces: Sendable {
    private let limits: ClipLimits
    private let whole: Turnstile
    private let growing: Turnstile
    private let passing: Turnstile

    init(_ limits: ClipLimits) {
        self.limits = limits
        whole = Turnstile(places: limits.atOnce)
        growing = Turnstile(places: limits.exactAtOnce)
        passing = Turnstile(places: limits.largeAtOnce)
    }

    subscript(way: FilmCut.Way) -> Turnstile {
        switch way {
        case .whole: whole
        case .growing: growing
        case .passing: passing
        }
    }

    /// How many there are.
    func count(_ way: FilmCut.Way) -> Int {
        switch way {
        case .whole: limits.atOnce
        case .growing: limits.exactAtOnce
        case .passing: limits.largeAtOnce
        }
    }
}
