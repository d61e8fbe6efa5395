/// What somebody wanted to save as a clip and could not, for the form to be shown again.
struct RefusedClip {
    let title: String
    let description: String
    let times: ClipTimeText
    /// Why not.
    let sentence: String
}
