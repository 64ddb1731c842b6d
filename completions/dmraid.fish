complete -c dmraid -s a -l activate -d 'Activate sets, or deactivate them.' -r
complete -c dmraid -s c -l display_columns -d 'Show these columns; without a field: names, twice: all.' -r
complete -c dmraid -s C -l create -d 'Create a set.' -r
complete -c dmraid -s f -l format -d 'Look for these formats alone.' -r
complete -c dmraid -s M -l media -d 'The disk for -S.' -r
complete -c dmraid -s P -l partchar -d 'With -a: what stands between a set\'s name that ends in a digit and a partition\'s number.' -r
complete -c dmraid -s R -l rebuild -d 'Rebuild a set, on this disk if one is named.' -r
complete -c dmraid -s s -l sets -d 'List sets.' -r
complete -c dmraid -s S -l spare -d 'Make the disk of -M a spare.' -r
complete -c dmraid -l separator -d 'What stands between columns, and between formats.' -r
complete -c dmraid -l engine -d 'Which device-mapper is to answer: kernel, ublk, fuse or file.' -r
complete -c dmraid -l overlay -d 'With -ay: write to files in this folder, and only read the disks; -an leaves the files for the next time.' -r
complete -c dmraid -l serial -d 'The serial number that a disk, or the disk of an image, has.' -r
complete -c dmraid -l restore -d 'With -r and disks: write back what -D or -E has written to this folder.' -r
complete -c dmraid -s b -l block_devices -d 'List the disks that are looked at.'
complete -c dmraid -s d -l debug -d 'Say what is looked for.'
complete -c dmraid -s D -l dump_metadata -d 'With -r: write metadata to files in folders of the current one.'
complete -c dmraid -s E -l erase_metadata -d 'With -r: erase metadata, after they have been written to files, when asked and answered y.'
complete -c dmraid -s g -l display_group -d 'With -s: show groups of sets as sets.'
complete -c dmraid -s h -l help -d 'Show how it is used.'
complete -c dmraid -s i -l ignorelocking -d 'Take no lock.'
complete -c dmraid -s l -l list_formats -d 'List the formats that are known.'
complete -c dmraid -s n -l native_log -d 'Show metadata in their own terms.'
complete -c dmraid -s p -l no_partitions -d 'With -ay: do not map partitions of sets.'
complete -c dmraid -s r -l raid_devices -d 'List the disks with RAID metadata.'
complete -c dmraid -s t -l test -d 'With -a: show tables, or states, and change nothing.'
complete -c dmraid -s v -l verbose -d 'Say what is done; up to three times.'
complete -c dmraid -s V -l version -d 'Show versions.'
complete -c dmraid -s x -l remove -d 'Delete the metadata of sets, when asked and answered y.'
complete -c dmraid -s Z -l rm_partitions -d 'With -ay: remove the kernel\'s partitions of the members.'
complete -c dmraid -l json -d 'With -b, -l, -r, -s or --explain: print JSON.'
complete -c dmraid -l explain -d 'Show all that looks like metadata on each disk, and what was made of it.'
complete -c dmraid -l read-only -d 'With -ay: nothing can be written to the sets.'
complete -c dmraid -l degraded -d 'With -ay: activate sets that lack members, as far as their level allows.'
