import ClipIndex
import Testing

@Suite struct ClipIntervalTests {
    /// L08: what is no interval.
    @Test(
        arguments: [
            (5.0, 5.0), (6, 5), (-1, 5), (.nan, 5), (0, .nan), (0, .infinity), (-.infinity, 5), (0, 1e308),
            (1e308, 1e308),
            (0, 0.0001), (1e9, 1e9 + 1), (5, 5.0009), (-0.0001, 1),
        ] as [(Double, Double)]) func refuses(start: Double, end: Double)
    {
        #expect(ClipInterval(start: start, end: end) == nil)
    }

    @Test func isInMicroseconds() throws {
        let clip = try #require(ClipInterval(start: 62, end: 100.25))
        #expect(clip.start == 62_000_000 && clip.end == 100_250_000)
        #expect(clip.startSeconds == 62 && clip.endSeconds == 100.25)
        #expect(ClipInterval(start: 0, end: 1e9)?.end == 1_000_000_000_000_000)
        #expect(ClipInterval(start: 0.1, end: 0.101)?.end == 101_000)
        #expect(ClipInterval(start: 3599.999, end: 3600)?.start == 3_599_999_000)
        #expect(ClipInterval(microseconds: 0..<999) == nil)
        #expect(ClipInterval(microseconds: -1..<5000) == nil)
        #expect(ClipInterval(microseconds: 5..<Int64.max) == nil)
        #expect(ClipInterval(microseconds: Int64.min..<Int64.max) == nil)
    }
}
