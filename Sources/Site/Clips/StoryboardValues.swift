import Catalog
import ClipIndex

/// A film's storyboard as the pages' templates have it.
struct StoryboardValues {
    let video: Video
    let layout: StoryboardSheet

    /// The sheet and how its pictures lie on it.
    var all: TemplateValue {
        [
            "url": .text(url), "columns": .number(layout.columns), "rows": .number(layout.rows),
            "frames": .number(layout.frames), "tile_width": .number(layout.tileWidth),
            "tile_height": .number(layout.tileHeight), "seconds_each": .text(ClipTime.number(layout.secondsEach)),
        ]
    }

    /// The picture that shows a moment.
    func picture(at seconds: Double) -> TemplateValue {
        guard layout.columns > 0, layout.frames > 0, layout.secondsEach > 0 else { return .nothing }
        let index = Int(min(max(seconds / layout.secondsEach, 0), Double(layout.frames - 1)))
        return [
            "url": .text(url), "x": .number(index % layout.columns * layout.tileWidth),
            "y": .number(index / layout.columns * layout.tileHeight), "width": .number(layout.tileWidth),
            "height": .number(layout.tileHeight), "sheet_width": .number(layout.columns * layout.tileWidth),
            "sheet_height": .number(layout.rows * layout.tileHeight),
        ]
    }

    /// Another content has another address, so that browsers may keep the sheet.
    private var url: String { VideoPaths(video.slug).storyboard + "?v=" + video.media.etag.prefix(8) }
}
