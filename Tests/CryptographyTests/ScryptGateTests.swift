import Cryptography
import Testing

@Suite struct ScryptGateTests {
    @Test func rightAndWrongPasswords() async throws {
        let gate = ScryptGate()
        let stored = try await gate.hash(Array("correct horse".utf8))
        #expect(stored.hasPrefix("$scrypt$ln=15,r=8,p=3$"))
        #expect(try await gate.verify(Array("correct horse".utf8), against: stored) == .matches)
        #expect(try await gate.verify(Array("correct horsf".utf8), against: stored) == .wrong)
        #expect(try await gate.hash(Array("correct horse".utf8)) != stored)
    }

    /// S08: exact bytes, NUL included; the two forms of e-acute are two passwords.
    @Test func passwordsAreExactBytes() async throws {
        let gate = ScryptGate()
        let stored = try await gate.hash([0x61, 0, 0x62])
        #expect(try await gate.verify([0x61, 0, 0x62], against: stored) == .matches)
        #expect(try await gate.verify([0x61], against: stored) == .wrong)
        let composed = try await gate.hash([0xc3, 0xa9])
        #expect(try await gate.verify([0x65, 0xcc, 0x81], against: composed) == .wrong)
    }

    @Test func refusesOverlongPasswords() async throws {
        let gate = ScryptGate()
        let longest = [UInt8](repeating: 1, count: 1024)
        #expect(try await gate.verify(longest, against: try await gate.hash(longest)) == .matches)
        await #expect(throws: ScryptError.passwordTooLong) { try await gate.hash(longest + [1]) }
        await #expect(throws: ScryptError.passwordTooLong) { try await gate.verify(longest + [1], against: nil) }
    }

    /// RFC 7914 section 12, third vector, its key cut to 32 bytes: N=16384, r=8, p=1.
    @Test func olderParametersMatchAndAskForARehash() async throws {
        let stored = "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI"
        let check = try await ScryptGate().verify(Array("pleaseletmein".utf8), against: stored)
        #expect(check == .matchesButRehash)
    }

    @Test(arguments: [
        "", "x", "$scrypt$", "$scrypt$ln=15,r=8,p=3$AAAA$AAAA", "$scrypt$ln=40,r=8,p=1$U29kaXVtQ2hsb3JpZGU$AAAA",
        "$scrypt$ln=-1,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf04/2o+66nQO47+Q4kvKQltH+s",
        "$scrypt$ln=20,r=32,p=16$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf04/2o+66nQO47+Q4kvKQltH+s",
        "$scrypt$r=8,ln=15,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf04/2o+66nQO47+Q4kvKQltH+s",
    ]) func unreadableHashesAreWrong(_ stored: String) async throws {
        #expect(try await ScryptGate().verify([1], against: stored) == .wrong)
    }

    @Test func anUnknownUserIsWrong() async throws {
        #expect(try await ScryptGate().verify(Array("anything".utf8), against: nil) == .wrong)
    }

    /// S07: what fits neither the gate nor the queue is refused at once.
    @Test func refusesWhenTheQueueIsFull() async throws {
        let gate = ScryptGate(concurrent: 1, waiting: 2)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        _ = try await gate.verify([1], against: nil)
                        return true
                    } catch {
                        #expect(error as? ScryptError == .busy)
                        return false
                    }
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.contains(true))
        #expect(outcomes.contains(false))
        #expect(try await gate.verify([1], against: nil) == .wrong)
    }
}
