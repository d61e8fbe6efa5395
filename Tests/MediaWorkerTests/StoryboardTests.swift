import Foundation
import Media
import Testing

@Suite struct StoryboardTests {
    /// Becomes white from black in an even course of `seconds`.
    private static func dawn(_ size: String, seconds: Int, rate: Int) -> [String] {
        [
            "-f", "lavfi", "-i", "color=white:size=\(size):rate=\(rate):duration=\(seconds)", "-vf",
            "fade=t=in:st=0:d=\(seconds)",
        ]
    }

    /// The brightness (0...1) of each picture of a storyboard.
    private static func brightness(_ board: Storyboard, in folder: FilmFolder) throws -> [Double] {
        let path = try folder.write(board.jpeg, to: "board.jpg")
        let (_, text) = try Command.run(
            "convert",
            [path, "-crop", "\(board.tileWidth)x\(board.tileHeight)", "+repage", "-format", "%[fx:mean]\\n", "info:"])
        return text.split(separator: "\n").compactMap { Double($0) }
    }

    @Test(
        .enabled(if: Command.exists("convert")),
        arguments: [
            ("mp4", ["-g", "25"]), ("mkv", ["-g", "25"]), ("ts", ["-g", "25"]), ("mpg", ["-c:v", "mpeg2video"]),
        ])
    func shortFilmsShowTheMoments(ending: String, codecs: [String]) async throws {
        let folder = try FilmFolder()
        let base = ending == "mpg" ? [] : FilmFolder.h264
        let path = try folder.film("a.\(ending)", Self.dawn("160x90", seconds: 50, rate: 25) + base + codecs)
        let board = try #require(try await Worker.client.storyboard(file: path))
        #expect(board.count == 100 && board.columns == 10 && board.rows == 10)
        #expect(board.tileWidth == 160 && board.tileHeight == 90 && abs(board.secondsEach - 0.5) < 0.01)
        let shades = try Self.brightness(board, in: folder)
        try #require(shades.count == 100)
        for (number, shade) in shades.enumerated() {
            #expect(abs(shade - (Double(number) + 0.5) / 100) < 0.03, "\(ending) \(number)")
        }
    }

    /// Key frames alone, each at or before its moment.
    @Test(.enabled(if: Command.exists("convert"))) func largeFilmsShowKeyFrames() async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            "a.mp4", Self.dawn("1920x1080", seconds: 100, rate: 10) + FilmFolder.h264 + ["-g", "10"])
        for ending in ["mp4", "mkv", "ts", "avi", "flv", "mov"] {
            let film = folder.path("b.\(ending)")
            if ending != "mp4" {
                try folder.film("b.\(ending)", ["-i", path, "-c", "copy"])
            }
            let board = try #require(try await Worker.client.storyboard(file: ending == "mp4" ? path : film))
            #expect(board.count == 100 && board.jpeg.count <= 512_000)
            let shades = try Self.brightness(board, in: folder)
            try #require(shades.count == 100)
            for (number, shade) in shades.enumerated() {
                #expect(abs(shade - (Double(number) + 0.5) / 100) < 0.035, "\(ending) \(number) \(shade)")
            }
        }
    }

    @Test(.enabled(if: Command.exists("identify"))) func itIsAsLargeAsItSays() async throws {
        let folder = try FilmFolder()
        let tall = try folder.film("tall.mp4", FilmFolder.picture("90x160", seconds: 8) + FilmFolder.h264)
        let turned = try folder.film(
            "turned.mp4", ["-i", tall, "-c", "copy", "-metadata:s:v:0", "rotate=90"])
        for (path, count, width, height) in [(tall, 16, 90, 160), (turned, 16, 160, 90)] {
            let board = try #require(try await Worker.client.storyboard(file: path))
            #expect(board.count == count && board.tileWidth == width && board.tileHeight == height)
            let seen = try ThumbnailTests.look(at: board.jpeg, in: folder)
            #expect(seen.width == board.columns * width && seen.height == board.rows * height)
        }
        let few = try #require(try await Worker.client.storyboard(file: tall, frames: 3, width: 32))
        #expect(few.count == 3 && few.columns == 3 && few.rows == 1 && few.tileWidth == 32)
        let one = try folder.film("one.mp4", FilmFolder.picture(seconds: 0.04) + FilmFolder.h264)
        #expect(try await Worker.client.storyboard(file: one)?.count == 1)
    }

    /// Noise makes the largest pictures there are.
    @Test func itIsNeverTooLarge() async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            "a.mkv",
            ["-f", "lavfi", "-i", "color=gray:size=160x284:rate=5:duration=60", "-vf", "noise=alls=100:allf=t"]
                + ["-c:v", "mpeg4", "-q:v", "2"])
        let board = try #require(try await Worker.client.storyboard(file: path, frames: 100, width: 160))
        #expect(board.jpeg.count <= Storyboard.byteLimit && board.count >= 4)
        #expect(abs(board.secondsEach * Double(board.count) - 60) < 2 * board.secondsEach)
    }

    @Test func whatHasNoPictureHasNone() async throws {
        let folder = try FilmFolder()
        let sound = try folder.film("a.mp3", FilmFolder.tone())
        #expect(try await Worker.client.storyboard(file: sound) == nil)
        let closed = try folder.film("a.mkv", FilmFolder.picture(seconds: 1) + ["-c:v", "ffv1"])
        #expect(try await Worker.client.storyboard(file: closed) == nil)
    }

    @Test func answersOfStrangersAreCheckedStrictly() throws {
        let jpeg: [UInt8] = [0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]
        let board = try #require(Storyboard(jpeg: jpeg, count: 25, tileWidth: 160, tileHeight: 90, interval: 1))
        #expect(board.rows == 3 && board.columns == 10)
        #expect(try Storyboard(decoding: board.encoded()) == board)
        #expect(Storyboard(jpeg: [1, 2, 3], count: 1, tileWidth: 160, tileHeight: 90, interval: 1) == nil)
        #expect(Storyboard(jpeg: jpeg, count: 0, tileWidth: 160, tileHeight: 90, interval: 1) == nil)
        #expect(Storyboard(jpeg: jpeg, count: 1, tileWidth: 1, tileHeight: 90, interval: 1) == nil)
        #expect(Storyboard(jpeg: jpeg, count: 1, tileWidth: 160, tileHeight: 90, interval: 0) == nil)
        var random = Mutation(seed: 3)
        for _ in 0..<3000 {
            if let read = try? Storyboard(decoding: random.damaged(board.encoded())) {
                #expect(read.columns > 0 && read.rows > 0 && read.count <= 400)
            }
        }
    }
}
