extension SQLQuery {
    /// Whether the statement begins with SELECT, takes no row locks and notifies nobody: such a one may be asked twice.
    var isRead: Bool {
        var text = ""
        for case .text(let part) in parts { text += part }
        let words = text.utf8.drop { $0 <= 0x20 }
        guard words.prefix(6).elementsEqual("SELECT".utf8) else { return false }
        return !text.contains("FOR UPDATE") && !text.contains("pg_notify") && !text.contains("nextval")
    }
}
