import Catalog
import Testing

@Suite struct ClipTests {
    private func clip(_ start: Double, _ end: Double) throws -> NewClip {
        try NewClip(
            videoID: VideoID(rawValue: 1), ownerID: UserID(rawValue: 2), title: Title("A"),
            description: Description(""),
            times: ClipTimes(start: start, end: end))
    }

    /// L08
    @Test(arguments: [
        (1.0, 1.0), (2, 1), (-1, 1), (0, 0.05), (.nan, 1), (0, .nan), (0, .infinity), (-.infinity, 1), (0, 1e308),
        (1e308, 1.1e308),
    ]) func timesThatAreNoClip(start: Double, end: Double) {
        #expect(throws: CatalogError.self) { try clip(start, end) }
    }

    @Test(arguments: [(0.0, 0.1), (62, 100), (0.2, 0.3), (1e6, 1e9)])
    func timesOfClips(start: Double, end: Double) throws {
        #expect(try clip(start, end).times == ClipTimes(start: start, end: end))
    }
}
