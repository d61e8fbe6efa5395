import Metainfo
import Testing

@Suite struct PieceLayoutTests {
    /// Hazard M04: lengths around the edges of a piece.
    @Test(
        arguments: [
            (0, 16384, 0, nil), (1, 16384, 1, 1), (16383, 16384, 1, 16383), (16384, 16384, 1, 16384),
            (16385, 16384, 2, 1), (5_000_000_000, 4 << 20, 1193, 5_000_000_000 - 1192 * (4 << 20)),
        ] as [(Int64, Int, Int, Int?)])
    func cutsBytesIntoPieces(total: Int64, pieceLength: Int, count: Int, last: Int?) throws {
        let layout = try PieceLayout(totalLength: total, pieceLength: pieceLength)
        #expect(layout.pieceCount == count)
        #expect(layout.length(of: PieceIndex(UInt32(clamping: count - 1))) == last)
        #expect(layout.length(of: PieceIndex(UInt32(count))) == nil)
        #expect(layout.length(of: PieceIndex(.max)) == nil)
    }

    @Test func refusesImpossibleLengths() {
        #expect(throws: MetainfoError.badPieceLength) { try PieceLayout(totalLength: 1, pieceLength: 0) }
        #expect(throws: MetainfoError.badPieceLength) { try PieceLayout(totalLength: 1, pieceLength: -1) }
        #expect(throws: MetainfoError.badLength) { try PieceLayout(totalLength: -1, pieceLength: 1) }
        #expect(throws: MetainfoError.tooManyPieces) { try PieceLayout(totalLength: .max, pieceLength: 1) }
    }

    /// The requests of the peer-wire cases: past the end, of no length, too long, overflowing 32 bits.
    @Test func checksBlocks() throws {
        let layout = try PieceLayout(totalLength: 40_000, pieceLength: 32_768)
        let limit = 128 << 10
        #expect(
            layout.block(piece: 0, begin: 16_384, length: 16_384, limit: limit)
                == layout.block(piece: 0, begin: 16_384, length: 16_384, limit: 16_384))
        let block = try #require(layout.block(piece: 1, begin: 7_000, length: 232, limit: limit))
        #expect(block.offset == 39_768)
        #expect(block.length == 232)
        for (piece, begin, length) in [
            (1, 7_000, 233), (2, 0, 1), (0, 0, 0), (0, 32_768, 1), (0, 0xffff_f000, 16_384), (0, .max, .max),
            (0x0766_235b, 0, 16_384), (0, 0, 0x7fff_ffff),
        ] as [(UInt32, UInt32, UInt32)] {
            #expect(layout.block(piece: piece, begin: begin, length: length, limit: limit) == nil)
        }
        #expect(layout.block(piece: 0, begin: 0, length: 16_384, limit: 16_383) == nil)
    }

    @Test func findsThePiecesOfARange() throws {
        let layout = try PieceLayout(totalLength: 100, pieceLength: 10)
        #expect(layout.pieces(covering: 9..<11) == PieceIndex(0)...PieceIndex(1))
        #expect(layout.pieces(covering: 10..<20) == PieceIndex(1)...PieceIndex(1))
        #expect(layout.pieces(covering: 0..<100) == PieceIndex(0)...PieceIndex(9))
        #expect(layout.pieces(covering: 0..<101) == nil)
        #expect(layout.pieces(covering: 5..<5) == nil)
        #expect(layout.pieces(covering: -1..<5) == nil)
    }

    @Test(
        arguments: [
            (0, 256 << 10), (512 << 20, 256 << 10), ((512 << 20) + 1, 512 << 10), (1 << 30, 1 << 20),
            (1 << 40, 16 << 20), (.max, 16 << 20),
        ] as [(Int64, Int)])
    func choosesAPieceLength(total: Int64, pieceLength: Int) {
        #expect(PieceLayout.recommendedPieceLength(forTotalLength: total) == pieceLength)
    }

    @Test func keepsPiecesUnderTwoThousandWhereItCan() throws {
        for shift in 30..<34 {
            let power = Int64(1) << Int64(shift)
            for total in [power - 1, power, power + 1] {
                let layout = try PieceLayout(
                    totalLength: total, pieceLength: PieceLayout.recommendedPieceLength(forTotalLength: total))
                #expect((900..<2000).contains(layout.pieceCount))
            }
        }
    }
}

@Suite struct BitfieldTests {
    @Test func setsAndClearsBits() {
        var field = Bitfield(count: 10)
        #expect(field.bytes == [0, 0])
        #expect(field.isEmpty)
        field[0] = true
        field[9] = true
        field[9] = true
        field[PieceIndex(7)] = true
        #expect(field.bytes == [0x81, 0x40])
        #expect(field.setCount == 3)
        field[0] = false
        #expect(!field[0] && field[PieceIndex(9)])
        for wrong in [-1, 10, .max, .min] {
            field[wrong] = true
            #expect(!field[wrong])
        }
        #expect(field.setCount == 2)
    }

    @Test(arguments: [0, 1, 7, 8, 9, 2_097_152]) func aFullFieldHasNoSpareBits(count: Int) {
        let field = Bitfield(full: count)
        #expect(field.isFull && field.setCount == count)
        #expect(Bitfield(bytes: field.bytes, count: count) == field)
        #expect(Bitfield(count: count).isFull == (count == 0))
    }

    /// Peer-wire cases: too short, too long, spare bits set.
    @Test func refusesWhatDoesNotFit() {
        #expect(Bitfield(bytes: [0xff], count: 9) == nil)
        #expect(Bitfield(bytes: [0xff, 0x80, 0], count: 9) == nil)
        #expect(Bitfield(bytes: [0xff, 0xc0], count: 9) == nil)
        #expect(Bitfield(bytes: [0xff, 0x80], count: 9)?.isFull == true)
        #expect(Bitfield(bytes: [], count: -1) == nil)
        #expect(Bitfield(count: -5).count == 0)
    }
}
