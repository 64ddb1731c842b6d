complete -c kpartx -s p -d 'What stands between the disk\'s name and the partition\'s number.' -r
complete -c kpartx -s t -d 'Look for this type of partition table alone: gpt, dos, bsd, solaris, unixware, dasd, mac, sun or ps3.' -r
complete -c kpartx -l sector-size -d 'The disk\'s logical block, 512 to 65536 bytes, whatever it says itself.' -r
complete -c kpartx -l engine -d 'Which device-mapper is to answer: kernel, ublk, fuse or file.' -r
complete -c kpartx -s a -d 'Map the partitions.'
complete -c kpartx -s d -d 'Remove the maps of the partitions.'
complete -c kpartx -s u -d 'Map the partitions, and remove the maps of those that are no more.'
complete -c kpartx -s l -d 'List the partitions that -a would map; this is what is done by default.'
complete -c kpartx -s r -d 'Maps are read-only.'
complete -c kpartx -s g -d 'Take a GPT for one though its protective MBR is missing.'
complete -c kpartx -s f -d 'With -d: remove every linear map of the disk, whoever made it.'
complete -c kpartx -s s -d 'Return when the maps can be opened; this is what is done by default.'
complete -c kpartx -s n -d 'Return before udev has seen the maps.'
complete -c kpartx -s v -d 'Say what is done.'
complete -c kpartx -l json -d 'Print what was found and done as JSON.'
complete -c kpartx -l dry-run -d 'Say what would be done, and change nothing.'
