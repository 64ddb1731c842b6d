#!/bin/busybox sh
# The guest's first and only service: loads the modules, runs /lab/job, sends back what it left.
# ttyS0 is the console, ttyS1 the job's output, ttyS2 the folder /lab/out as a tar file.
export PATH=/lab/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LC_ALL=C TZ=UTC TERM=dumb DM_DISABLE_UDEV=1
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
busybox mount -t devtmpfs dev /dev
busybox mkdir -p /dev/pts /dev/shm
busybox mount -t tmpfs tmp /tmp
busybox mount -t tmpfs run /run
busybox mount -t tmpfs shm /dev/shm
while read -r module parameters; do
    # Word splitting is wanted: several parameters are several words.
    busybox insmod "/lab/modules/$module" $parameters || echo "cannot load $module"
done </lab/modules/order
# As udev makes them: the original kpartx finds a file's loop device by no other way.
busybox mkdir -p /dev/block
for number in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    busybox ln -s "../loop$number" "/dev/block/7:$number"
done
busybox ip link set lo up
busybox stty -F /dev/ttyS1 raw -echo
busybox stty -F /dev/ttyS2 raw -echo
busybox mkdir -p /lab/out /root
cd /root
echo "running the job"
sh /lab/job </dev/null >/dev/ttyS1 2>&1
echo $? >/lab/out/exit-code
echo "the job has ended"
busybox tar -C /lab/out -cf /dev/ttyS2 .
busybox reboot -f
