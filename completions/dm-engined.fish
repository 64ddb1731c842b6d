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
complete -c dm-engined -n "__fish_dm_engined_needs_command" -f -a "doctor" -d 'Show which device-mapper would answer here, and why'
complete -c dm-engined -n "__fish_dm_engined_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l frontend -d 'What devices become: loop devices (root only), or files' -r -f -a "fuse\t'Loop devices over FUSE files'
file\t'FUSE files'"
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l socket -d 'The socket; DMKIT_SOCKET, or the user\'s own, by default' -r -F
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l state -d 'The folder of what is needed to bring the devices back; beside the socket by default' -r -F
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l idle -d 'Leave after so long without a device or a connection; DMKIT_IDLE by default, or 10' -r
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -l foreground -d 'Stay in the caller\'s session, and log to standard error'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand status" -l json -d 'As JSON'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand status" -s h -l help -d 'Print help'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand doctor" -l json -d 'As JSON'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand help; and not __fish_seen_subcommand_from serve status doctor help" -f -a "serve" -d 'Serve devices until the last has gone'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand help; and not __fish_seen_subcommand_from serve status doctor help" -f -a "status" -d 'Show the daemon and its devices'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand help; and not __fish_seen_subcommand_from serve status doctor help" -f -a "doctor" -d 'Show which device-mapper would answer here, and why'
complete -c dm-engined -n "__fish_dm_engined_using_subcommand help; and not __fish_seen_subcommand_from serve status doctor help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
