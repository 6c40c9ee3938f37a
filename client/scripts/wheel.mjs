// Builds the server's wheel into wheels/; with --with-dependencies also downloads those of this platform that it needs.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "..", "..");
const wheels = path.join(root, "client", "wheels");
const python = process.env.TUNELINT_PYTHON ?? (process.platform === "win32" ? "python" : "python3");
const pip = ["-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--wheel-dir", wheels];

rmSync(wheels, { recursive: true, force: true });
mkdirSync(wheels);
const wanted = process.argv.includes("--with-dependencies") ? ["--only-binary", ":all:"] : ["--no-deps"];
const ended = spawnSync(python, [...pip, ...wanted, root], { stdio: "inherit" });
if (ended.status !== 0) {
  process.exit(ended.status ?? 1);
}
console.log(readdirSync(wheels).join("\n"));
