/// A set of pieces, numbered from 0.
struct PieceSet: Equatable {
    static let capacity = 256
    private var words = SIMD4<UInt64>(repeating: 0)

    static let none = PieceSet()
    static let all = PieceSet(words: SIMD4(repeating: .max))

    private init(words: SIMD4<UInt64> = SIMD4(repeating: 0)) { self.words = words }

    var isEmpty: Bool { words == SIMD4(repeating: 0) }
    var isFull: Bool { self == .all }

    func contains(_ piece: Int) -> Bool { words[piece >> 6] >> UInt64(piece & 63) & 1 == 1 }

    mutating func insert(_ piece: Int) { words[piece >> 6] |= 1 << UInt64(piece & 63) }

    func subtracting(_ other: PieceSet) -> PieceSet { PieceSet(words: words & ~other.words) }

    func forEach(_ body: (Int) -> Void) {
        for index in 0..<4 {
            var word = words[index]
            while word != 0 {
                body(index << 6 | word.trailingZeroBitCount)
                word &= word - 1
            }
        }
    }
}
