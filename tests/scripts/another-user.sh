#!/bin/sh
# The engine of one user answers no other.
# engine: any
. "${0%/*}/lib.sh"
need setpriv
[ "$(id -u)" = 0 ] || skip "needs root, to become someone else"
[ -n "${DMKIT_SOCKET:-}" ] || skip "needs an engine"
DEVICES=mine
dmsetup create mine --table '0 8 zero'
chmod go+rx "${DMKIT_SOCKET%/*}" "${DMKIT_SOCKET%/*/*}"
chmod go+rw "$DMKIT_SOCKET"
unset DMKIT_ENGINE
refused setpriv --reuid=65534 --regid=65534 --clear-groups dmsetup table mine |
    sed "s,$DMKIT_SOCKET,SOCKET,"
dmsetup remove mine
