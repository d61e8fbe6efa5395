/// One route: its pattern, which labels metrics and logs, and what answers.
struct Route: Sendable {
    enum Action: Sendable {
        case async(Router.Handler)
        case direct(Router.DirectHandler)
    }

    let pattern: String
    let action: Action
}
