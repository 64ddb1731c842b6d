# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_dmsetup_global_optspecs
    string join \n verbose= alias= alldevices allprograms allregions area areas= areasize= addnodeonresume addnodeoncreate bounds= checks clear c/columns concise count= deferred exec= filemap follow= f/force foreground G/gid= group groupid= h/help histogram inactive interval= length= manglename= j/major= m/minor= M/mode= nameprefixes nogroup noflush noheadings nolockfs noopencount nosuffix n/notable notimesuffix nomonitor noudevrules noudevsync o/options= precise programid= r/readonly raw readahead= region regions= regionid= relative retry rows S/select= segments separator= setuuid showkeys O/sort= start= table= target= tree udevcookie= U/uid= units= u/uuid= unbuffered unquoted userdata= v verifyudev version y/yes engine=
end

function __fish_dmsetup_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_dmsetup_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_dmsetup_using_subcommand
    set -l cmd (__fish_dmsetup_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c dmsetup -n "__fish_dmsetup_needs_command" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "help" -d 'help [-c|-C|--columns]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "create" -d 'create <dev_name> [-j|--major <major> -m|--minor <minor>] [-U|--uid <uid>] [-G|--gid <gid>] [-M|--mode <octal_mode>] [-u|--uuid <uuid>] [--addnodeonresume|--addnodeoncreate] [--readahead {[+]<sectors>|auto|none}] [-n|--notable|--table {<table>|<table_file>}]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "remove" -d 'remove [--deferred] [-f|--force] [--retry] <device>...'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "remove_all" -d 'remove_all [-f|--force]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "suspend" -d 'suspend [--noflush] [--nolockfs] <device>...'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "resume" -d 'resume [--noflush] [--nolockfs] <device>... [--addnodeonresume|--addnodeoncreate] [--readahead {[+]<sectors>|auto|none}]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "load" -d 'load <device> [<table>|<table_file>]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "clear" -d 'clear <device>'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "reload" -d 'reload <device> [<table>|<table_file>]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "wipe_table" -d 'wipe_table [-f|--force] [--noflush] [--nolockfs] <device>...'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "rename" -d 'rename <device> [--setuuid] <new_name_or_uuid>'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "measure" -d 'measure [<device>...]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "message" -d 'message <device> <sector> <message>'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "ls" -d 'ls [--target <target_type>] [--exec <command>] [-o <options>] [--tree]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "info" -d 'info [<device>...]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "deps" -d 'deps [-o <options>] [<device>...]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "stats" -d 'stats <command> [<options>] [<device>...]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "status" -d 'status [<device>...] [--noflush] [--target <target_type>]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "table" -d 'table [<device>...] [--concise] [--target <target_type>] [--showkeys]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "wait" -d 'wait <device> [<event_nr>] [--noflush]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "mknodes" -d 'mknodes [<device>...]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "mangle" -d 'mangle [<device>...]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "udevcreatecookie" -d 'udevcreatecookie'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "udevreleasecookie" -d 'udevreleasecookie [<cookie>]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "udevflags" -d 'udevflags <cookie>'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "udevcomplete" -d 'udevcomplete <cookie>'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "udevcomplete_all" -d 'udevcomplete_all [<age_in_minutes>]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "udevcookies" -d 'udevcookies'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "target-version" -d 'target-version [<target>...]'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "targets" -d 'targets'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "version" -d 'version'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "setgeometry" -d 'setgeometry <device> <cyl> <head> <sect> <start>'
complete -c dmsetup -n "__fish_dmsetup_needs_command" -f -a "splitname" -d 'splitname <device> [<subsystem>]'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand help" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand create" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand remove_all" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand suspend" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand resume" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand load" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand clear" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand reload" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wipe_table" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand rename" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand measure" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand message" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand ls" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand info" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand deps" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand stats" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand status" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand table" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand wait" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mknodes" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand mangle" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcreatecookie" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevreleasecookie" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevflags" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcomplete_all" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand udevcookies" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand target-version" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand targets" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand version" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand setgeometry" -s y -l yes -d 'Ask nothing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l verbose -d 'Say more.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l alias -d 'Name for a group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l areas -d 'Number of areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l areasize -d 'Size of the areas in a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l bounds -d 'Boundaries of a latency histogram.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l count -d 'Repeat so often.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l exec -d 'Run a command for each device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l follow -d 'Follow a mapped file by inode or path.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s G -l gid -d 'Group of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l groupid -d 'A group of statistics regions.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l interval -d 'Wait so long between two reports.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l length -d 'Length of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l manglename -d 'How names are encoded: none, hex or auto.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s j -l major -d 'The device\'s major number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s m -l minor -d 'The device\'s minor number.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s M -l mode -d 'Permissions of the node, octal.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s o -l options -d 'Which fields, or how to show a device.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l programid -d 'Program that statistics regions belong to.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l readahead -d 'How far to read ahead: [+]sectors, auto or none.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l regions -d 'Statistics regions of a group.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l regionid -d 'A statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s S -l select -d 'Only what matches.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l separator -d 'What stands between fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s O -l sort -d 'Sort by these fields.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l start -d 'Start of a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l table -d 'The table.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l target -d 'Only targets of this type.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l udevcookie -d 'Cookie of a udev transaction.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s U -l uid -d 'Owner of the node.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l units -d 'Units of sizes.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s u -l uuid -d 'The device\'s uuid.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l userdata -d 'Data kept with a statistics region.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l engine -d 'Who is to answer: kernel, ublk, fuse or file.' -r
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l alldevices -d 'All devices.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l allprograms -d 'Statistics regions of any program.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l allregions -d 'All statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l area -d 'Report each area of a statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l addnodeonresume -d 'Make the node when the device is resumed.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l addnodeoncreate -d 'Make the node when the device is created.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l checks -d 'Check more before acting.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l clear -d 'Clear the counters after printing.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s c -s C -l columns -d 'Report in columns.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l concise -d 'Whole devices in one line.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l deferred -d 'Remove the device when its last user closes it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l filemap -d 'Make statistics regions of a file\'s extents.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s f -l force -d 'Replace the table by one that fails all I/O first.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l foreground -d 'Keep the file map daemon in the foreground.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l group -d 'Report groups of statistics regions.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s h -l help -d 'Show how to use it.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l histogram -d 'Report latency histograms.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l inactive -d 'Look at the inactive table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l nameprefixes -d 'Put DM_ and the field\'s name before each value.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l nogroup -d 'Leave regions ungrouped.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l noflush -d 'Suspend without flushing queued requests.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l noheadings -d 'Leave headings out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l nolockfs -d 'Suspend without freezing the filesystem.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l noopencount -d 'Do not count who has the device open.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l nosuffix -d 'Leave the units of sizes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s n -l notable -d 'Create the device without a table.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l notimesuffix -d 'Leave the units of times out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l nomonitor -d 'Do not follow the file.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l noudevrules -d 'udev\'s rules are to leave the device alone.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l noudevsync -d 'Do not wait for udev.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l precise -d 'Count in nanoseconds.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s r -l readonly -d 'Load the table read-only.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l raw -d 'Report counters as they are.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l region -d 'Report each statistics region.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l relative -d 'Report histograms in percent.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l retry -d 'Try again while the device is busy, for 5 s.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l rows -d 'Report fields as rows.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l segments -d 'A statistics region for each target.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l setuuid -d 'Give the device its uuid instead of a name.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l showkeys -d 'Show keys in tables.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l tree -d 'Show what stands on what.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l unbuffered -d 'Print each row at once.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l unquoted -d 'Leave quotes out.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s v -d 'Say more.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l verifyudev -d 'See to nodes where udev has not.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -l version -d 'Show the versions of the library and the driver.'
complete -c dmsetup -n "__fish_dmsetup_using_subcommand splitname" -s y -l yes -d 'Ask nothing.'
