import Accounts
import ArgumentParser
import Catalog
import Foundation

/// `reelswarm user ...`: the site's people, from the command line.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Add, list and change users.",
        subcommands: [Add.self, List.self, Password.self, Role.self, Disable.self, Enable.self])

    /// `user add NAME`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a user; the password is asked for, or read from standard input.")
        @Argument(help: "The name.") var name: String
        @Option(help: "viewer, publisher or admin.") var role = "viewer"
        @OptionGroup var site: ServeOptions

        func run() async throws {
            let role = try UserCommand.role(role)
            let password = try PasswordPrompt.read()
            let user = try await SiteDatabase.open(site) {
                try await $0.accounts.createUser(name: name, password: password, role: role)
            }
            print("\(user.name) is a \(user.role.rawValue) now.")
        }
    }

    /// `user list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the users.")
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var site: ServeOptions

        func run() async throws {
            let users = try await SiteDatabase.open(site) { try await $0.accounts.users() }
            let lines = users.map { UserLine(name: "\($0.name)", role: $0.role.rawValue, disabled: $0.isDisabled) }
            if json { return try Output.json(lines) }
            Output.facts(lines.map { ($0.name, $0.role + ($0.disabled ? ", disabled" : "")) })
        }
    }

    /// `user password NAME`.
    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set a user's password and end their sessions.")
        @Argument(help: "The name.") var name: String
        @OptionGroup var site: ServeOptions

        func run() async throws {
            let password = try PasswordPrompt.read()
            try await SiteDatabase.open(site) { database in
                let user = try await database.accounts.user(named: name)
                try await database.accounts.changePassword(of: user.id, to: password)
            }
            print("The password of \(name) is changed.")
        }
    }

    /// `user role NAME ROLE`.
    struct Role: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change what a user may do.")
        @Argument(help: "The name.") var name: String
        @Argument(help: "viewer, publisher or admin.") var role: String
        @OptionGroup var site: ServeOptions

        func run() async throws {
            let role = try UserCommand.role(role)
            try await SiteDatabase.open(site) { database in
                let user = try await database.accounts.user(named: name)
                _ = try await database.accounts.changeRole(of: user.id, to: role)
            }
            print("\(name) is a \(role.rawValue) now.")
        }
    }

    /// `user disable NAME`.
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lock a user out at once; nothing of theirs is lost.")
        @Argument(help: "The name.") var name: String
        @OptionGroup var site: ServeOptions

        func run() async throws {
            try await UserCommand.setDisabled(true, name: name, site: site)
            print("\(name) is disabled.")
        }
    }

    /// `user enable NAME`.
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a disabled user in again.")
        @Argument(help: "The name.") var name: String
        @OptionGroup var site: ServeOptions

        func run() async throws {
            try await UserCommand.setDisabled(false, name: name, site: site)
            print("\(name) is enabled.")
        }
    }

    private static func setDisabled(_ disabled: Bool, name: String, site: ServeOptions) async throws {
        try await SiteDatabase.open(site) { database in
            let user = try await database.accounts.user(named: name)
            _ = try await database.accounts.setDisabled(disabled, user: user.id)
        }
    }

    private static func role(_ text: String) throws -> Catalog.Role {
        guard let role = Catalog.Role(rawValue: text) else {
            throw CommandFailure.usage("'\(text)' is not a role; there are viewer, publisher and admin.")
        }
        return role
    }
}

/// One user as `user list` shows them.
private struct UserLine: Encodable {
    let name: String
    let role: String
    let disabled: Bool
}

/// Asks for a password without echo on a terminal; reads one line elsewhere.
enum PasswordPrompt {
    static func read() throws -> String {
        let isTerminal = isatty(0) == 1
        var saved = termios()
        if isTerminal {
            FileHandle.standardError.write(Data("Password: ".utf8))
            unsafe tcgetattr(0, &saved)
            var silent = saved
            silent.c_lflag &= ~tcflag_t(ECHO)
            unsafe tcsetattr(0, TCSAFLUSH, &silent)
        }
        defer {
            if isTerminal {
                unsafe tcsetattr(0, TCSAFLUSH, &saved)
                FileHandle.standardError.write(Data("\n".utf8))
            }
        }
        guard let line = readLine(), !line.isEmpty else { throw CommandFailure(message: "No password was given.") }
        return line
    }
}
