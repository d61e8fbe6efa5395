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
        followers.withLock { followers in
            var hasGone = false
            for follower in followers {
                if let mailbox = follower.mailbox { mailbox.put(hash) } else { hasGone = true }
            }
            guard hasGone else { return }
            followers.removeAll { $0.mailbox == nil }
            hasFollowers.store(!followers.isEmpty, ordering: .releasing)
        }
    }
}
