/// The folders that a space looks into, each with what it remembers of the last look.
actor FolderKeepers {
    private var keepers: [String: FolderKeeper] = [:]

    /// The keeper of a folder with these rules; the same at each call.
    func keeper(of rules: WatchRules, space: SpaceFolder) -> FolderKeeper {
        let key = "\(rules.folder)\n\(rules.contentFolder ?? "")\n\(rules.interval)"
        if let keeper = keepers[key] { return keeper }
        let keeper = FolderKeeper(rules: rules, space: space)
        keepers[key] = keeper
        return keeper
    }
}
