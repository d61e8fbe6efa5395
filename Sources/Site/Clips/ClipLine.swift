import Catalog
import ClipIndex

/// A saved clip in the list of its film.
struct ClipLine {
    let clip: Clip
    let sheet: StoryboardValues?

    /// What the line shows.
    var values: TemplateValue {
        [
            "href": .text(ClipPaths(clip.slug).page), "title": .text(clip.title),
            "start_words": .text(ClipTime.text(clip.times.start)),
            "end_words": .text(ClipTime.text(clip.times.end)),
            "length_words": .text(ClipWords.briefLength(clip.times.end - clip.times.start)),
            "publisher": .text(clip.ownerName), "picture": sheet?.picture(at: clip.times.start) ?? .nothing,
        ]
    }
}
