import Synchronization

/// The first eight bytes of peer ids (BEP 20), which tell a client's program and version: kept once each, named by small
/// numbers in the peer tables.
///
/// A fixed table without a lock: a place is taken once and never given up, so a number means the same for ever. When
/// the neighbourhood of a head is full, it is unknown.
final class ClientHeads: Sendable {
    private static let placeCount = 4096
    private static let probes = 16

    private let places = InlineArray<4096, Atomic<UInt64>> { _ in Atomic(0) }

    /// The number of a head, 1..<4096; 0 for one that is not printable ASCII, and when there is no place left.
    func number(of head: UInt64) -> UInt16 {
        guard Self.isPrintable(head) else { return 0 }
        var place = Int(truncatingIfNeeded: (head &* 0x9e37_79b9_7f4a_7c15) >> 52)
        for _ in 0..<Self.probes {
            if place != 0 {
                let found = places[place].load(ordering: .relaxed)
                if found == head { return UInt16(truncatingIfNeeded: place) }
                if found == 0 {
                    let (isOurs, now) = places[place].compareExchange(
                        expected: 0, desired: head, ordering: .relaxed)
                    if isOurs || now == head { return UInt16(truncatingIfNeeded: place) }
                }
            }
            place = (place + 1) & (Self.placeCount - 1)
        }
        return 0
    }

    /// The head of a number; 0 for a number that stands for none.
    func head(_ number: UInt16) -> UInt64 {
        guard number > 0, Int(number) < Self.placeCount else { return 0 }
        return places[Int(number)].load(ordering: .relaxed)
    }

    /// The eight characters of a number's head; empty when it is unknown.
    func text(_ number: UInt16) -> String {
        let head = head(number)
        guard head != 0 else { return "" }
        return String(decoding: (0..<8).map { UInt8(truncatingIfNeeded: head >> UInt64(56 - 8 * $0)) }, as: UTF8.self)
    }

    /// Whether all eight bytes are printable ASCII, space included.
    static func isPrintable(_ head: UInt64) -> Bool {
        (0..<8).allSatisfy { (0x20...0x7e).contains(UInt8(truncatingIfNeeded: head >> UInt64(8 * $0))) }
    }
}
