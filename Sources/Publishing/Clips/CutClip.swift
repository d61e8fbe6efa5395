/// A clip that was cut, or is being cut.
public enum CutClip: Sendable {
    /// It is whole: any part of it can be sent.
    case file(CutFile)
    /// It is sent while it is made; its length is not known yet.
    case stream(CutStream)
}
