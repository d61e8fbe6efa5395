/// One value of a text, by position. The tokens of a text stand in reading order, so those inside a list or
/// dictionary follow it directly.
struct BencodeToken: Sendable {
    enum Kind: UInt8 { case integer, bytes, list, dictionary }

    let kind: Kind
    /// How many bytes stand before the content: `i`, `l`, `d`, or a length with its colon.
    let headerLength: UInt8
    /// Where the value begins.
    let start: UInt32
    /// One past its last byte.
    var end: UInt32
    /// The index of the token after this one and all inside it.
    var next: UInt32
}
