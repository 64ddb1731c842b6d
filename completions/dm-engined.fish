# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_dm_engined_global_optspecs
    string join \n h/help V/version
end

function __fish_dm_engined_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_dm_engined_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_dm_engined_using_subcommand
    set -l cmd (__fish_dm_engined_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c dm-engined -n "__fish_dm_engined_needs_command" -s h -l help -d 'Print help'
complete -c dm-engined -n "__fish_dm_engined_needs_command" -s V -l version -d 'Print version'
complete -c dm-engined -n "__fish_dm_engined_needs_command" -f -a "serve" -d 'Serve devices until the last has gone'
complete -c dm-engined -n "__fish_dm_engined_needs_command" -f -a "status" -d 'Show the daemon and its devices'
complete -c dm-engined -n "__fish_dm_engined_needs_command" -f -a "restart" -d 'Have the daemon\'s newest version serve, without a device\'s noticing'
complete -c dm-engined -n "__fish_dm_engined_needs_command" -f -a "replay-log" -d 'List the log of a log-writes target, or do once more what it has logged'
complete -c dm-engined -n "__fish_dm_engined_needs_command" -f -a "doctor" -d 'Show which device-mapper would answer here, and why'
complete -c dm-engined -n "__fish_dm_engined_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l frontend -d 'What devices become: ublk devices, loop devices (root only), or files' -r -f -a "ublk\t'ublk devices'
fuse\t'Loop devices over FUSE files'
file\t'FUSE files'"
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l socket -d 'The socket; DMKIT_SOCKET, or the user\'s own, by default' -r -F
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l state -d 'The folder of what is needed to bring the devices back; beside the socket by default' -r -F
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l idle -d 'Leave after so long without a device or a connection; DMKIT_IDLE by default, or 10' -r
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l worker-of -d 'The supervisor of this worker, by its process number' -r
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l lock-fd -d 'The daemon\'s lock, which is held' -r
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l listener-fd -d 'The listening socket' -r
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l connection-fd -d 'The FUSE connection, if there is one' -r
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l after -d 'Why there is another worker' -r
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l foreground -d 'Stay in the caller\'s session, and log to standard error'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l no-supervisor -d 'One process only: the devices fail when it dies, until the next one comes'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l run-goes -d 'The run folder is to go with the daemon'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand status" -l json -d 'As JSON'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand status" -s h -l help -d 'Print help'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand restart" -s h -l help -d 'Print help'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand replay-log" -l limit -d 'Stop after so many entries' -r
complete -c dm-engined -n "__fish_dm_engined_using_subcommand replay-log" -l start-mark -d 'Begin behind the first mark with this text: what is before it must be on the target' -r
complete -c dm-engined -n "__fish_dm_engined_using_subcommand replay-log" -l end-mark -d 'Stop at the first mark with this text' -r
complete -c dm-engined -n "__fish_dm_engined_using_subcommand replay-log" -l check -d 'Run the command after every entry of these kinds, and stop where it fails' -r -f -a "flush\t'Flushes'
fua\t'Writes with FUA'
entry\t'All'"
complete -c dm-engined -n "__fish_dm_engined_using_subcommand replay-log" -l command -d 'What to run, by the shell; DMKIT_REPLAY_TARGET and DMKIT_REPLAY_ENTRY tell it where it is' -r
complete -c dm-engined -n "__fish_dm_engined_using_subcommand replay-log" -l discards -d 'What to do for a discard' -r -f -a "zero\t'Zeros'
discard\t'A discard; a hole in an image'
skip\t'Nothing'"
complete -c dm-engined -n "__fish_dm_engined_using_subcommand replay-log" -l list -d 'List the entries, and write nothing'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand replay-log" -l json -d 'As JSON'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand replay-log" -l dry-run -d 'Read all that would be replayed, and write nothing'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand replay-log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand doctor" -l json -d 'As JSON'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand help; and not __fish_seen_subcommand_from serve status restart replay-log doctor help" -f -a "serve" -d 'Serve devices until the last has gone'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand help; and not __fish_seen_subcommand_from serve status restart replay-log doctor help" -f -a "status" -d 'Show the daemon and its devices'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand help; and not __fish_seen_subcommand_from serve status restart replay-log doctor help" -f -a "restart" -d 'Have the daemon\'s newest version serve, without a device\'s noticing'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand help; and not __fish_seen_subcommand_from serve status restart replay-log doctor help" -f -a "replay-log" -d 'List the log of a log-writes target, or do once more what it has logged'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand help; and not __fish_seen_subcommand_from serve status restart replay-log doctor help" -f -a "doctor" -d 'Show which device-mapper would answer here, and why'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand help; and not __fish_seen_subcommand_from serve status restart replay-log doctor help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
