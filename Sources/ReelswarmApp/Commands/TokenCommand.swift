import Accounts
import ArgumentParser

/// `reelswarm token create --user NAME`: a bearer token for scripts.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make tokens for the API.", subcommands: [Create.self])

    /// `token create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token with a user's rights and print it; it is shown only once.")
        @Option(help: "The user whose rights it has.") var user: String
        @Option(help: "What it is for, shown in lists.") var label = "command line"
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var site: ServeOptions

        func run() async throws {
            let made = try await SiteDatabase.open(site) {
                try await $0.accounts.createToken(forUserNamed: user, label: label)
            }
            if json { try Output.json(["token": made.token]) } else { print(made.token) }
        }
    }
}
