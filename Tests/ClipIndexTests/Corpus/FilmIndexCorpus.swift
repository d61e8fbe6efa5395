/// Indexes as they may come with a torrent, in hexadecimal digits: seeds for mutation, and cases of their own.
enum FilmIndexCorpus {
    /// What is read.
    static let sound: [(name: String, hex: String)] = [
        (
            "the example of the description",
            "52534349020000abe5f4010200288046a0060200050001280080897ae012f80f81897ac00ce00d80897aac168c158089"
                + "7aa40db41001050000f80f00d6b27ae00d8813d4b27a8c15c00cd6b27ab410ac16d6b27a9003b410"
        ),
        (
            "an MP4 of twelve seconds",
            "5253434902000080b6dc05020020c3e31ce55802000d0001300080897aa5a40298c70281897aa99c0294f70180897ad0"
                + "ac02d2d20281897a9ddd0293b80280897ae6c202f0c20281897a9393029c930280897af5c602cfea0281897ae3c902cd"
                + "a40280897a88b002f7d30281897ac99d02d4f90180897a8cb402c2db0280897a85a902d88402010ee7ea0200e03300e8"
                + "ea029e09e235dcdb7cc09302e79402f4f0799cb502a0b302f4f079daa802dda102f4f079cfe7028ce602f4f079b19902"
                + "a0a302f4f079b5bb02b3b902f4f079a6a802b9aa02f4f079e9e202ffe002f4f079bd9602f59702f4f079ffb3029bb302"
                + "f6f079889f02a8a0029aa779a78402ce8a02"
        ),
        (
            "one picture",
            "52534349020000e80701002801000200013000d00fd4068407"
        ),
        (
            "nothing",
            "52534349020100000000"
        ),
        (
            "sound whose packets carry no times",
            "525343490202a9cd02c08db70100010103a9cd02002d00f2d77c807dad7db890f40180fa0180fa01"
        ),
        (
            "captions and data",
            "5253434902018090d8c69e05c0a8a5040100f4030300020001f4030080d1ca089cbb0590bf05020480897a00bc050080"
                + "92f401a4cf03e405809bee0200008092f40128a4cf030300"
        ),
        (
            "the ends of all ranges",
            "525343490200ffffffffffffff1f808080808080801001feffffffffffffff7f01010002ffffffffffffff1f01feffff"
                + "ffffffffff7f00808080808080806001ffffffffffffffff7f"
        ),
    ]

    /// What is refused.
    static let unsound: [(name: String, hex: String)] = [
        (
            "version 1",
            "52534349010000000000"
        ),
        (
            "an unknown access",
            "52534349020300000000"
        ),
        (
            "an unknown kind",
            "525343490200000000010400"
        ),
        (
            "an origin beyond 2^53",
            "5253434902008280808080808020000000"
        ),
        (
            "a header range beyond 2^63",
            "525343490200000001ffffffffffffffff7f0200"
        ),
        (
            "touching header ranges",
            "5253434902000000020004000400"
        ),
        (
            "an empty header range",
            "525343490200000001040000"
        ),
        (
            "two buckets of one time",
            "52534349020000000001010200000100000101"
        ),
        (
            "a first bucket after the first time",
            "52534349020000000001010100020100"
        ),
        (
            "an overlong number",
            "5253434902008000000000"
        ),
        (
            "a number of 65 bits",
            "525343490200ffffffffffffffffff02000000"
        ),
        (
            "a million buckets in no bytes",
            "5253434902000000000101c0843d"
        ),
        (
            "more than a million buckets",
            "5253434902000000000101c1843d00000000000000000000000000000000000000000000000000000000000000000000"
                + "00000000000000000000000000000000"
        ),
        (
            "33 streams",
            "525343490200000000210300030003000300030003000300030003000300030003000300030003000300030003000300"
                + "03000300030003000300030003000300030003000300030003000300"
        ),
        (
            "65 header ranges",
            "525343490200000041010101010101010101010101010101010101010101010101010101010101010101010101010101"
                + "010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101"
                + "0101010101010101010101010101010101010101010101010101010101010101010101010101010101010100"
        ),
        (
            "a byte too many",
            "5253434902010000000000"
        ),
    ]
}
