/// Why a job did not end well.
enum JobError: Error, Equatable {
    /// Trying again may help; the text goes into the job's row.
    case retry(String)
    /// Another runner holds the job now: whatever was done no longer counts.
    case leaseLost
}
