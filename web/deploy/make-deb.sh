#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Packs build/shopbell as build/shopbell_VERSION_ARCH.deb: make-deb.sh VERSION (after `make`).
set -euo pipefail
cd "$(dirname "$0")/../.."
version=${1:?version}
arch=$(dpkg --print-architecture)
root=build/deb
rm -rf "$root"
make --no-print-directory install DESTDIR="$root" PREFIX=/usr
sed -i 's,/usr/local/,/usr/,' "$root/usr/lib/systemd/system/shopbell.service"
mkdir -p "$root/DEBIAN" "$root/etc/shopbell"
# The libraries are named by what the program really links; the event loop plugin is loaded at run time.
mkdir -p build/debian && printf 'Source: shopbell\n' >build/debian/control
libraries=$(cd build && dpkg-shlibdeps -O --ignore-missing-info shopbell 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
rm -rf build/debian
cat >"$root/DEBIAN/control" <<CONTROL
Package: shopbell
Version: $version
Architecture: $arch
Maintainer: Shopbell maintainers <maintainers@shopbell.example>
Depends: $libraries, libwebsockets-evlib-ev, tzdata
Section: web
Priority: optional
Description: chat for a small shop, answered by a bot from Markdown files or by people
 One process, one data file, one folder of Markdown: a rule-based bot that
 answers what it knows, says that it is a bot, and hands over to a live agent.
CONTROL
dpkg-deb --root-owner-group --build "$root" "build/shopbell_${version}_${arch}.deb"
