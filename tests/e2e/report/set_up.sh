#!/usr/bin/env bash
# set_up.sh FOLDER: puts a driver for the browser and axe-core, which looks for faults of accessibility, there. Needs Node 20 and npm.
set -euo pipefail
folder=$1
mkdir -p "$folder"
cd "$folder"
[ -f package.json ] || echo '{"name": "tunelint-report-tests", "private": true, "type": "module"}' > package.json
npm install --no-audit --no-fund --loglevel=error --ignore-scripts playwright-core@1.65.1 axe-core@4.14.1
touch "$folder/ready"
