import Testing

@testable import Store

@Suite struct HistoryWindowTests {
    @Test(
        arguments: [
            (3600, 12, 12, 300.0), (3600, 100, 12, 300), (86_400, 96, 96, 900), (172_800, 2000, 576, 300),
            (172_801, 2000, 49, 3600), (30 * 86_400, 60, 60, 43_200), (365 * 86_400, 1000, 365, 86_400),
            (0, 0, 1, 300), (.max, 10, 10, 315_576_000),
        ] as [(Int, Int, Int, Double)])
    func noFinerThanRowsAreKept(seconds: Int, wanted: Int, points: Int, width: Double) {
        let window = HistoryWindow(since: .seconds(seconds), points: wanted)
        #expect(window.points == points && window.width == width)
    }
}
