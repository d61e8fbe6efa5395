import Metainfo
import Synchronization

/// Tells every follower which torrents' counts changed; costs one load while nobody follows.
final class ChangeHub: Sendable {
    private struct Follower: Sendable {
        weak let mailbox: ChangeMailbox?
    }

    private let followers = Mutex<[Follower]>([])
    private let hasFollowers = Atomic(false)

    /// A mailbox that gets all changes from now on, for as long as someone holds it.
    func follow() -> ChangeMailbox {
        let mailbox = ChangeMailbox()
        followers.withLock { followers in
            followers.append(Follower(mailbox: mailbox))
            hasFollowers.store(true, ordering: .releasing)
        }
        return mailbox
    }

    func note(_ hash: InfoHash) {
        guard hasFollowers.load(ordering: .acquiring) else { return }
        let mailboxes = followers.withLock { followers in
            let live = followers.compactMap(\.mailbox)
            if live.count < followers.count {
                followers.removeAll { $0.mailbox == nil }
                hasFollowers.store(!followers.isEmpty, ordering: .releasing)
            }
            return live
        }
        for mailbox in mailboxes { mailbox.put(hash) }
    }
}
