import ByteCoding
import Cryptography
import Testing

@Suite struct ModularPowerTests {
    /// The group of Message Stream Encryption.
    private let prime =
        "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd"
        + "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a63a36210000000000090563"

    private func power(_ base: UInt8, _ exponent: UInt8, _ modulus: UInt8) -> [UInt8]? {
        ModularPower(modulus: [modulus])?.raise([base], to: SecretBytes(copying: [exponent]))?.copy()
    }

    @Test func agreesWithMultiplyingOut() {
        for modulus in stride(from: 5 as UInt8, through: 31, by: 2) {
            for base in 2...(modulus - 2) {
                var expected = 1 % Int(modulus)
                for exponent in 0...20 as ClosedRange<UInt8> {
                    #expect(power(base, exponent, modulus) == [UInt8(expected)])
                    expected = expected * Int(base) % Int(modulus)
                }
            }
        }
    }

    @Test func agreesWithAnotherImplementation() throws {
        let group = try #require(ModularPower(modulus: Hex.decode(prime) ?? []))
        let exponent = SecretBytes(copying: Hex.decode("0102030405060708090a0b0c0d0e0f1011121314") ?? [])
        let expected =
            "96e112dab29e8c5272accb9b17b26887ce54a144a4e3b697c7d159b7a817e556b0918db2b4c658e02a87f7e5fb14b18a"
            + "553e084cbf3dad2d30f16596ccb982d406258c61b30c5c1dae2ddc60bdbd48d79896312aad63238c39e1a633821eb693"
        #expect(group.byteCount == 96)
        #expect(group.raise([2], to: exponent).map { Hex.encode($0.copy()) } == expected)
    }

    @Test func bothSidesComeToTheSameSecret() throws {
        let group = try #require(ModularPower(modulus: Hex.decode(prime) ?? []))
        for _ in 0..<20 {
            let (first, second) = (SecretBytes.random(20), SecretBytes.random(20))
            let ours = try #require(group.raise([2], to: first)?.copy())
            let theirs = try #require(group.raise([2], to: second)?.copy())
            let shared = try #require(group.raise(theirs, to: first)?.copy())
            #expect(group.raise(ours, to: second)?.copy() == shared)
            #expect(shared.count == 96)
        }
    }

    /// Zero, one and minus one give the secret away; what is not below the modulus is no honest key either.
    @Test func weakBasesAreRefused() throws {
        let modulus = try #require(Hex.decode(prime))
        let group = try #require(ModularPower(modulus: modulus))
        let exponent = SecretBytes(copying: [3])
        var last = modulus
        last[95] -= 1
        var accepted = modulus
        accepted[95] -= 2
        let zero = [UInt8](repeating: 0, count: 96)
        let most = [UInt8](repeating: 0xff, count: 96)
        for base in [zero, zero.dropLast() + [1], last, modulus, most, [], [1] + zero] {
            #expect(group.raise(base, to: exponent) == nil)
        }
        #expect(group.raise(accepted, to: exponent) != nil)
    }

    @Test func onlyOddModuliAboveOneExist() {
        for modulus in [[], [0], [1], [2], [16]] as [[UInt8]] { #expect(ModularPower(modulus: modulus) == nil) }
        #expect(ModularPower(modulus: [0, 0, 7])?.byteCount == 1)
    }
}
