import ByteCoding

/// What is remembered of one address of one client: 24 bytes for IPv4, 36 for IPv6, without a gap.
struct PeerEntry<Address: PeerAddress>: Sendable {
    let address: Address
    /// A code of the peer id: equal for all addresses of a client.
    let peerTag: UInt32
    /// A code of the announce key (BEP 7); zero without one.
    let keyTag: UInt32
    /// Uploaded and downloaded in 12 bits each, progress in 8.
    private var traffic: UInt32
    let port: UInt16
    /// The last announce: seconds, modulo 65,536.
    var seen: UInt16
    /// The number of its peer id's head in `ClientHeads`; 0 when unknown.
    var client: UInt16
    var marks: PeerMarks
    /// A coarse time at which it was last handed out; 0 when it never was.
    var handed: UInt8

    init(
        address: Address, port: UInt16, seen: UInt16, peerTag: UInt32, keyTag: UInt32, marks: PeerMarks,
        uploaded: UInt16 = 0, downloaded: UInt16 = 0, progress: UInt8 = CoarseProgress.unknown, client: UInt16 = 0,
        handed: UInt8 = 0
    ) {
        self.address = address
        self.port = port
        self.seen = seen
        self.peerTag = peerTag
        self.keyTag = keyTag
        self.marks = marks
        self.client = client
        self.handed = handed
        traffic = 0
        self.uploaded = uploaded
        self.downloaded = downloaded
        self.progress = progress
    }

    var endpoint: Endpoint { Endpoint(address: address.address, port: port) }

    /// What it says it has uploaded, a code of `CoarseCount`.
    var uploaded: UInt16 {
        get { UInt16(truncatingIfNeeded: traffic >> 20) }
        set { traffic = traffic & 0x000f_ffff | UInt32(min(newValue, 4095)) << 20 }
    }

    /// What it says it has downloaded, a code of `CoarseCount`.
    var downloaded: UInt16 {
        get { UInt16(truncatingIfNeeded: traffic >> 8) & 4095 }
        set { traffic = traffic & 0xfff0_00ff | UInt32(min(newValue, 4095)) << 8 }
    }

    /// How much of the torrent it has, a step of `CoarseProgress`.
    var progress: UInt8 {
        get { UInt8(truncatingIfNeeded: traffic) }
        set { traffic = traffic & 0xffff_ff00 | UInt32(newValue) }
    }

    /// Seconds since the last announce.
    func silence(at now: UInt32) -> UInt16 { UInt16(truncatingIfNeeded: now) &- seen }

    func isSameClient(peerTag: UInt32, keyTag: UInt32) -> Bool {
        self.peerTag == peerTag || (keyTag != 0 && self.keyTag == keyTag)
    }
}
