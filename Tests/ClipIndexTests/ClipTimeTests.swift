import ClipIndex
import Testing

@Suite struct ClipTimeTests {
    @Test(arguments: [
        ("0", 0), ("62", 62), ("62.5", 62.5), ("1:02", 62), ("0:01:02", 62), ("1:02:03.250", 3723.25),
        ("100:00:00", 360_000), ("0.001", 0.001),
    ]) func timesAreRead(text: String, seconds: Double) {
        #expect(ClipTime.parse(text).map { abs($0 - seconds) < 1e-9 } == true)
    }

    @Test(arguments: [
        "", ":", "-1", "+1", "1e3", "nan", "inf", "62,5", "62.", ".5", "1:2", "1:60", "1:60:00", "1:2:03", "1::2",
        "1:02:03:04", " 62", "62 ", "0x10", "1:02:03.", "99999999999999999999", "٣",
    ]) func otherTextsAreNoTimes(text: String) {
        #expect(ClipTime.parse(text) == nil)
    }

    @Test(arguments: [
        (0, "0", "0:00", "0.00"), (62, "62", "1:02", "1.02"), (62.5, "62.5", "1:02.5", "1.02.5"),
        (3600, "3600", "1:00:00", "1.00.00"), (3725.1254, "3725.125", "1:02:05.125", "1.02.05.125"),
        (59.9999, "60", "1:00", "1.00"), (0.001, "0.001", "0:00.001", "0.00.001"), (-5, "0", "0:00", "0.00"),
        (.nan, "0", "0:00", "0.00"), (.infinity, "0", "0:00", "0.00"),
        (1e300, "1000000000000", "277777777:46:40", "277777777.46.40"),
    ]) func momentsAreShown(_ seconds: Double, _ number: String, _ text: String, _ name: String) {
        #expect(ClipTime.number(seconds) == number)
        #expect(ClipTime.text(seconds) == text)
        #expect(ClipTime.text(seconds, separator: ".") == name)
    }

    /// What is shown can be typed again.
    @Test(arguments: [0, 0.007, 9.99, 59.999, 61, 3599.5, 86_399.123]) func textsAreMoments(_ seconds: Double) {
        #expect(ClipTime.parse(ClipTime.text(seconds)).map { abs($0 - seconds) < 1e-9 } == true)
        #expect(ClipTime.parse(ClipTime.number(seconds)) == seconds)
    }
}
