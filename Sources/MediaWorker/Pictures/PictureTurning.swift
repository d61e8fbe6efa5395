import CLibAV

/// Turns pictures by quarters of a circle.
enum PictureTurning {
    /// A new picture, `quarterTurns` (1...3) times turned clockwise; nil without memory for it.
    static func turned(_ source: UnsafeMutablePointer<AVFrame>, quarterTurns: Int) -> UnsafeMutablePointer<AVFrame>? {
        let (width, height) = (Int(source.pointee.width), Int(source.pointee.height))
        let isSideways = quarterTurns % 2 == 1
        guard let target = Picture.blank(width: isSideways ? height : width, height: isSideways ? width : height) else {
            return nil
        }
        let from = [source.pointee.data.0, source.pointee.data.1, source.pointee.data.2]
        let fromLines = [source.pointee.linesize.0, source.pointee.linesize.1, source.pointee.linesize.2]
        let to = [target.pointee.data.0, target.pointee.data.1, target.pointee.data.2]
        let toLines = [target.pointee.linesize.0, target.pointee.linesize.1, target.pointee.linesize.2]
        for plane in 0..<3 {
            guard let read = from[plane], let write = to[plane] else { continue }
            let (planeWidth, planeHeight) = plane == 0 ? (width, height) : (width / 2, height / 2)
            for y in 0..<planeHeight {
                for x in 0..<planeWidth {
                    let (turnedX, turnedY) = place(x, y, planeWidth, planeHeight, quarterTurns)
                    write[turnedY * Int(toLines[plane]) + turnedX] = read[y * Int(fromLines[plane]) + x]
                }
            }
        }
        return target
    }

    private static func place(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ turns: Int) -> (Int, Int) {
        switch turns {
        case 1: (height - 1 - y, x)
        case 2: (width - 1 - x, height - 1 - y)
        default: (y, width - 1 - x)
        }
    }
}
