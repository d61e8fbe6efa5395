import ByteCoding
import Testing

@testable import TrackerClient

@Suite struct SilentEndpointsTests {
    private static let endpoints = ["192.0.2.1:80", "192.0.2.2:80", "[2001:db8::1]:80", "[2001:db8::2]:80"].map {
        Endpoint($0)!
    }

    /// Endpoints that fall silent, and who is asked then.
    @Test(arguments: [
        ([], [0, 2]), ([0], [1, 2]), ([0, 2], [1, 3]), ([0, 1], [2]), ([0, 1, 2, 3], [0, 2]),
    ]) func theFirstOfEachFamilyThatAnswersIsAsked(silent: [Int], asked: [Int]) {
        let endpoints = Self.endpoints
        let known = SilentEndpoints()
        for number in silent { known.note(endpoints[number], answers: false) }
        let found = known.oneOfEachFamily(endpoints, now: .now)
        #expect(Set(found) == Set(asked.map { endpoints[$0] }) && found.count == asked.count)
    }
}
