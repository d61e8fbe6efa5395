/// Lines and areas as SVG path data in a box of 1000 by 100, which a page stretches to any width.
enum ChartPath {
    /// A place in the box, as shares of width and height from its top left corner.
    struct Place: Equatable {
        let x: Double
        let y: Double
    }

    /// The width and height of the box.
    static let width = 1000.0
    static let height = 100.0

    /// A line that holds every value until the next one, and the last to the right edge; empty without points.
    static func steps(_ places: [Place]) -> String {
        guard let first = places.first else { return "" }
        var path = "M\(number(first.x * width)) \(number(first.y * height))"
        var level = first.y
        for place in places.dropFirst() where place.y != level {
            path += "H\(number(place.x * width))V\(number(place.y * height))"
            level = place.y
        }
        return path + "H\(number(width))"
    }

    /// The area under such a line.
    static func area(_ places: [Place]) -> String {
        guard let first = places.first else { return "" }
        return steps(places) + "V\(number(height))H\(number(first.x * width))Z"
    }

    /// Bars that stand on the bottom, with a gap between neighbours.
    static func bars(_ bars: [(from: Double, to: Double, y: Double)]) -> String {
        var path = ""
        for bar in bars where bar.y < 1 && bar.to > bar.from {
            let gap = (bar.to - bar.from) * 0.12
            path += "M\(number((bar.from + gap) * width)) \(number(height))V\(number(bar.y * height))"
            path += "H\(number((bar.to - gap) * width))V\(number(height))Z"
        }
        return path
    }

    /// A number with at most one digit after the point.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let tenths = Int((min(max(value, -1e6), 1e6) * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
    }
}
