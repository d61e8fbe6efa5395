import Foundation

/// The settings of an embedded cluster: a socket for us alone, little memory, and a log sized for films coming in.
struct ClusterSettings: Sendable {
    static let fileName = "reelswarm.conf"

    let home: ClusterHome

    /// Written anew at each start, so that a newer program brings its own settings.
    func write() throws(ClusterError) {
        let path = home.data + "/" + Self.fileName
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch { throw ClusterError("The file \(path) cannot be written: \(error).") }
        guard chmod(path, 0o600) == 0 else { throw ClusterError("The file \(path) cannot be made private.") }
        try home.user.own(path)
    }

    private var text: String {
        """
        # Written by reelswarm at each start.
        listen_addresses = ''
        unix_socket_permissions = 0700
        max_connections = 60
        shared_buffers = 128MB
        maintenance_work_mem = 64MB
        jit = off
        # Films come in bulk: few checkpoints, and no compression of what does not compress.
        wal_level = minimal
        max_wal_senders = 0
        wal_compression = off
        wal_buffers = 16MB
        min_wal_size = 256MB
        max_wal_size = 2GB
        checkpoint_timeout = 10min
        checkpoint_completion_target = 0.9
        autovacuum_naptime = 15s
        timezone = 'UTC'
        log_timezone = 'UTC'
        lc_messages = 'C'
        logging_collector = on
        log_directory = '../log'
        log_filename = 'postgres-%a.log'
        log_truncate_on_rotation = on
        log_rotation_age = 1d
        log_rotation_size = 0
        log_min_duration_statement = 2s
        log_parameter_max_length = 0
        log_line_prefix = '%m [%p] '

        """
    }
}
