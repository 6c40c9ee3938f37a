#!/usr/bin/env bash
# set_up.sh FOLDER: puts VS Code's own workbench (as the package code-server carries it) and a driver for the browser there.
# Needs Node 20, npm, g++ or not (without it logs are noisy), and Debian's chromium and ripgrep.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
mkdir -p "$folder"
cd "$folder"
quiet=(--no-audit --no-fund --loglevel=error)
[ -f package.json ] || cp "$here/package.json" package.json
npm install "${quiet[@]}" --ignore-scripts playwright-core@1.65.1 code-server@4.100.3
cd node_modules/code-server/lib/vscode
npm install "${quiet[@]}" --omit=dev --ignore-scripts
mkdir -p node_modules/@vscode/ripgrep/bin
ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
npm rebuild @vscode/spdlog native-watchdog >/dev/null 2>&1 || true
ln -sfn node_modules node_modules.asar
(cd extensions && npm install "${quiet[@]}" --omit=dev --ignore-scripts)
touch "$folder/ready"
