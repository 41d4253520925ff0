#!/bin/sh
# The inside of a machine: a distribution as it is installed, in namespaces that the caller has made. Says "ready", and stays.
# Takes the folder of the distribution, the folder of this machine, and that of a Node.
set -eu
base=$1 trial=$2 node=$3
root=$trial/root

mount -t overlay overlay -o "lowerdir=$base,upperdir=$trial/upper,workdir=$trial/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

mkdir -p "$root/opt/node"
mount --bind -o ro "$node" "$root/opt/node"
ln -s ../../../opt/node/bin/node ../../../opt/node/bin/npm ../../../opt/node/bin/npx "$root/usr/local/bin/"

hostname machine
printf '127.0.0.1 localhost machine\n::1 localhost\n' > "$root/etc/hosts"
rm -f "$root/etc/resolv.conf"
# Where slirp4netns answers for names.
echo 'nameserver 10.0.2.3' > "$root/etc/resolv.conf"
ip link set lo up

echo ready
# The first process: takes over what loses its parent.
exec chroot "$root" bash -c 'trap "" HUP INT TERM; exec >/dev/null; while :; do sleep infinity & wait $!; done'
