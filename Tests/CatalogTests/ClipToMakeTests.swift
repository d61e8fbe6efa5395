import Catalog
import Testing

@Suite struct ClipToMakeTests {
    @Test(arguments: [true, false]) func payloadsAreReadAsTheyWereWritten(isExact: Bool) {
        let made = ClipToMake(clip: ClipID(rawValue: 42), isExact: isExact)
        #expect(ClipToMake(payload: made.payload) == made)
    }

    @Test(arguments: ["", " ", "x", "42 fast", "42 exact exact", "42  exact", "exact 42", "-", "42exact"])
    func othersAreNone(payload: String) { #expect(ClipToMake(payload: payload) == nil) }
}
